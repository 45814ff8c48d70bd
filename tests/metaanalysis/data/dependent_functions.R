# Models of dependent effects by metafor, at the exact optimum: metafor stops its optimiser early (variance components good
# to about 1e-5), so every fit is carried on by Fisher scoring over dense matrices (written here, with nothing of metafor)
# until the score is zero; metafor is then run again with its variance components fixed at that optimum, which gives
# estimates, standard errors and log-likelihood exactly. For dependent.R and ../live/random.R.
suppressMessages({library(metafor); library(jsonlite)})

score_zero <- function(y, V, X, build, theta, method, steps = 2000) {
  # build(theta) -> list(S = added covariance, D = list of its derivatives)
  for (i in seq_len(steps)) {
    b <- build(theta)
    W <- solve(V + b$S); W <- (W + t(W)) / 2
    P <- W - W %*% X %*% solve(t(X) %*% W %*% X, t(X) %*% W)
    T <- if (method == "REML") P else W
    r <- P %*% y
    score <- sapply(b$D, function(D) sum(r * (D %*% r)) - sum(T * D)) / 2
    info <- outer(seq_along(b$D), seq_along(b$D), Vectorize(function(k, l) sum((T %*% b$D[[k]]) * t(T %*% b$D[[l]])) / 2))
    step <- solve(info, score)
    theta <- theta + step
    if (max(abs(step) / pmax(abs(theta), 1e-8)) < 1e-14) break
  }
  stopifnot(max(abs(score) / sqrt(diag(info))) < 1e-9)
  theta
}

report <- function(m, free) list(
  method = m$method, test = m$test, estimate = c(m$beta), se = m$se, statistic = m$zval, p = m$pval, low = m$ci.lb, high = m$ci.ub,
  df = if (m$test == "t") m$ddf else NULL, sigma2 = m$sigma2, tau2 = m$tau2, rho = m$rho, q = m$QE, q_df = m$k - m$p, q_p = m$QEp,
  qm = m$QM, qm_df = m$QMdf, qm_p = m$QMp, loglik = c(logLik(m)),
  metafor_loglik = c(logLik(free)), metafor_sigma2 = free$sigma2, metafor_tau2 = free$tau2, metafor_rho = free$rho)

tightly <- list(optimizer = "nlminb", iter.max = 5000, eval.max = 10000, rel.tol = 1e-14)
first_that_converges <- function(fit)   # nlminb may call the most exact stop a failure
  Find(Negate(is.null), lapply(list(tightly, list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15), list()), function(c) tryCatch(fit(control = c), error = function(e) NULL)))
criteria <- function(m) as.list(setNames(fitstats(m)[, 1], c("loglik", "deviance", "aic", "bic", "aicc")))

# --- several levels -------------------------------------------------------------------------------------------------
several <- function(dat, V, levels, X, method, test = "z", dfs = "residual", nested = TRUE) {
  Z <- lapply(seq_along(levels), function(i) {
    f <- if (nested) interaction(dat[levels[1:i]], drop = TRUE) else factor(dat[[levels[i]]])
    outer(as.character(f), as.character(f), "==") * 1 })
  random <- if (nested) as.formula(paste("~ 1 |", paste(levels, collapse = "/"))) else lapply(levels, function(l) as.formula(paste("~ 1 |", l)))
  Vm <- if (is.matrix(V)) V else diag(V)
  fit <- function(...) suppressWarnings(rma.mv(dat$yi, Vm, mods = X, intercept = FALSE, random = random, data = dat, method = method, test = test, dfs = dfs, ...))
  free <- first_that_converges(fit)
  zero <- free$sigma2 < 1e-7 * max(free$sigma2, mean(diag(Vm)))
  opt <- free$sigma2; opt[zero] <- 0
  if (any(!zero)) opt[!zero] <- score_zero(dat$yi, Vm, X, function(t) list(S = Reduce(`+`, Map(`*`, Z[!zero], t)), D = Z[!zero]), opt[!zero], method)
  m <- fit(sigma2 = opt)
  p <- if (ncol(X) == 1) predict(m) else predict(m, newmods = unname(X[1, -1]))
  W <- solve(Vm); P <- W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W
  typical <- (m$k - m$p) / sum(diag(P))
  c(report(m, free), list(levels = levels, nested = nested, columns = lapply(seq_len(ncol(X)), function(j) X[, j]), criteria = criteria(free),
    i2 = 100 * opt / (sum(opt) + typical), first_row = list(estimate = p$pred, se = p$se, low = p$ci.lb, high = p$ci.ub, pi_low = p$pi.lb, pi_high = p$pi.ub),
    groups = m$s.nlevels))
}
