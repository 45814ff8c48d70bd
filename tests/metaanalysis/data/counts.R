# Values that tests/metaanalysis/test_mantel_haenszel.py, test_peto.py and test_glmm.py compare with:
#   Rscript counts.R > counts.json
# Needs metafor, metadat, lme4, numDeriv and jsonlite. Takes about two minutes.
suppressMessages({library(metafor); library(jsonlite); library(numDeriv)})
options(warn = -1)

bcg <- with(dat.colditz1994, list(a = tpos, n1 = tpos + tneg, c = cpos, n2 = cpos + cneg))
beta <- with(dat.collins1985b, list(a = pre.xti, n1 = pre.nti, c = pre.xci, n2 = pre.nci))
catheter <- with(dat.nielweise2007, list(a = ai, n1 = n1i, c = ci, n2 = n2i))
dialysis <- with(dat.nielweise2008, list(a = x1i, n1 = t1i, c = x2i, n2 = t2i))
# Empty cells of every kind: in one arm, the other, both (twice), and nothing but events in an arm.
sparse <- list(a = c(0, 2, 0, 5, 12, 0, 3), n1 = c(40, 55, 30, 61, 12, 25, 90), c = c(3, 0, 0, 7, 20, 0, 6),
               n2 = c(41, 50, 33, 58, 24, 26, 45))
data <- list(bcg = bcg, beta = beta, catheter = catheter, dialysis = dialysis, sparse = sparse)

num <- function(x) if (length(x) == 0) NULL else unname(c(x))
mh <- function(r) lapply(list(k = r$k, k_informative = r$k.pos, k_effects = r$k.yi, estimate = r$beta, se = r$se,
  z = r$zval, p = r$pval, low = r$ci.lb, high = r$ci.ub, q = r$QE, q_p = r$QEp, i2 = r$I2, h2 = r$H2,
  mantel_haenszel = r$MH, mantel_haenszel_p = r$MHp, cochran = r$CO, cochran_p = r$COp, breslow_day = r$BD,
  breslow_day_p = r$BDp, tarone = r$TA, tarone_p = r$TAp), num)
fit <- function(measure, set, ...) {
  d <- data[[set]]
  if (measure %in% c("IRR", "IRD")) rma.mh(measure = measure, x1i = d$a, t1i = d$n1, x2i = d$c, t2i = d$n2, ...)
  else rma.mh(measure = measure, ai = d$a, n1i = d$n1, ci = d$c, n2i = d$n2, ...)
}
choices <- list(default = list(), nocorrect = list(correct = FALSE),
  both = list(add = c(.5, .5), to = c("only0", "only0")), all = list(add = c(.1, .2), to = c("all", "if0all")),
  if0all = list(add = c(.5, 0), to = c("if0all", "none")), none = list(to = c("none", "none")),
  dropped = list(drop00 = c(TRUE, TRUE)), kept = list(drop00 = c(FALSE, FALSE)), level = list(level = 90))
pooled <- list()
for (set in names(data)) for (measure in if (set == "dialysis") c("IRR", "IRD") else c("OR", "RR", "RD"))
  for (name in if (set == "sparse") names(choices) else names(choices)[1:3])
    pooled[[length(pooled) + 1]] <- c(list(set = set, measure = measure, choice = name),
      mh(do.call(fit, c(list(measure, set), choices[[name]]))))
one_out <- list()
for (case in list(c("sparse", "OR", "default"), c("sparse", "RD", "if0all"), c("dialysis", "IRR", "default"))) {
  d <- data[[case[1]]]
  parts <- lapply(seq_along(d$a), function(i) {
    data[[case[1]]] <<- lapply(d, function(x) x[-i])
    r <- do.call(fit, c(list(case[2], case[1]), choices[[case[3]]]))
    c(r$beta, r$se, r$pval, r$ci.lb, r$ci.ub, r$QE, r$QEp, r$I2, r$H2)
  })
  data[[case[1]]] <- d
  m <- do.call(rbind, parts)
  colnames(m) <- c("estimate", "se", "p", "low", "high", "q", "q_p", "i2", "h2")
  one_out[[length(one_out) + 1]] <- c(list(set = case[1], measure = case[2], choice = case[3]), as.list(as.data.frame(m)))
}
peto <- list()
for (set in c("bcg", "beta", "catheter", "sparse")) {
  d <- data[[set]]
  r <- rma.peto(ai = d$a, n1i = d$n1, ci = d$c, n2i = d$n2)
  l <- sapply(seq_along(d$a), function(i) {
    o <- rma.peto(ai = d$a[-i], n1i = d$n1[-i], ci = d$c[-i], n2i = d$n2[-i])
    c(estimate = o$beta[[1]], se = o$se, p = o$pval, q = o$QE, q_p = o$QEp, i2 = o$I2, h2 = o$H2)
  })
  peto[[length(peto) + 1]] <- list(set = set, fit = lapply(list(k = r$k, estimate = r$beta, se = r$se, z = r$zval,
    p = r$pval, low = r$ci.lb, high = r$ci.ub, q = r$QE, q_p = r$QEp, i2 = r$I2, h2 = r$H2), num),
    leave_one_out = as.list(as.data.frame(t(l))))
}

# --- mixed models: the exact integrals, maximised by R's own tools -------------------------------------------------
integral <- function(f) {  # of f(u) times the normal density; the integrand is concentrated within a few tau
  g <- function(u) f(u) * dnorm(u)
  integrate(g, -12, -3, rel.tol = 1e-11)$value + integrate(g, -3, 0, rel.tol = 1e-12)$value +
    integrate(g, 0, 3, rel.tol = 1e-12)$value + integrate(g, 3, 12, rel.tol = 1e-11)$value
}
maximise <- function(density, k, start) {
  minus <- function(par) -sum(sapply(seq_len(k), function(i) log(integral(function(u) density(i, par[1] + par[2] * u)))))
  par <- optim(start, minus, method = "BFGS", control = list(reltol = 1e-14))$par
  for (i in 1:3) par <- par - solve(hessian(minus, par), grad(minus, par))
  list(estimate = par[1], se = sqrt(solve(hessian(minus, par))[1, 1]), tau2 = par[2]^2, loglik = -minus(par))
}
hyper <- function(a, n1, c, n2) {
  t <- a + c; x <- max(0, t - n2):min(n1, t); w <- lchoose(n1, x) + lchoose(n2, t - x); w <- w - max(w)
  function(psi) sapply(psi, function(s) {
    e <- w + x * s
    exp(e[x == a] - max(e)) / sum(exp(e - max(e)))
  })
}
d <- data.frame(catheter); d <- d[d$a + d$c > 0, ]
tables <- lapply(seq_len(nrow(d)), function(i) hyper(d$a[i], d$n1[i], d$c[i], d$n2[i]))
off <- log(d$n1 / d$n2)
r <- data.frame(dialysis); roff <- log(r$n1 / r$n2)
p <- dat.pritz1997; x <- dat.nielweise2008
exact <- list(
  "OR CM.EL catheter" = maximise(function(i, s) tables[[i]](s), nrow(d), c(-1, .7)),
  "OR CM.AL catheter" = maximise(function(i, s) dbinom(d$a[i], d$a[i] + d$c[i], plogis(s + off[i])), nrow(d), c(-1, .7)),
  "IRR CM.EL dialysis" = maximise(function(i, s) dbinom(r$a[i], r$a[i] + r$c[i], plogis(s + roff[i])), nrow(r), c(-.5, .4)),
  "PLO pritz" = maximise(function(i, s) dbinom(p$xi[i], p$ni[i], plogis(s)), nrow(p), c(1, .7)),
  "IRLN dialysis" = maximise(function(i, s) dpois(x$x1i[i], x$t1i[i] * exp(s)), nrow(x), c(-5, .7)))

laplace <- function(y, n, poisson, start) {  # UM.RS, written out: lme4 stops short of the maximum for the rates
  minus <- function(par) {
    load <- cbind(par[3], par[4] * c(.5, -.5))
    -sum(sapply(seq_len(nrow(y)), function(i) {
      eta <- function(u) c(par[1] + par[2], par[1]) + c(load %*% u)
      mean <- function(e) if (poisson) n[i, ] * exp(e) else n[i, ] * plogis(e)
      var <- function(e) if (poisson) n[i, ] * exp(e) else n[i, ] * plogis(e) * plogis(-e)
      u <- c(0, 0)
      for (turn in 1:100) {
        e <- eta(u)
        step <- solve(diag(2) + t(load) %*% (var(e) * load), t(load) %*% (y[i, ] - mean(e)) - u)
        u <- u + step / max(1, abs(step))
        if (max(abs(step)) < 1e-13) break
      }
      e <- eta(u)
      density <- if (poisson) dpois(y[i, ], mean(e), log = TRUE) else dbinom(y[i, ], n[i, ], plogis(e), log = TRUE)
      sum(density) - sum(u^2) / 2 - determinant(diag(2) + t(load) %*% (var(e) * load))$modulus / 2
    }))
  }
  par <- optim(start, minus, method = "BFGS", control = list(reltol = 1e-14))$par
  for (i in 1:3) par <- par - solve(hessian(minus, par), grad(minus, par))
  list(estimate = par[2], se = sqrt(solve(hessian(minus, par))[2, 2]), tau2 = par[4]^2, sigma2 = par[3]^2,
       loglik = -minus(par))
}
exact[["OR UM.RS catheter"]] <- laplace(as.matrix(d[c("a", "c")]), as.matrix(d[c("n1", "n2")]), FALSE, c(-3, -1, .7, .7))
exact[["IRR UM.RS dialysis"]] <- laplace(as.matrix(r[c("a", "c")]), as.matrix(r[c("n1", "n2")]), TRUE, c(-5, -.5, .6, .4))

# --- mixed models: lme4 through metafor, with a strict optimiser ---------------------------------------------------
strict <- list(glmerCtrl = list(optimizer = "bobyqa", optCtrl = list(rhobeg = .2, rhoend = 1e-10, maxfun = 2e5)))
out <- function(f) lapply(list(k = f$k, estimate = f$beta, se = f$se, tau2 = f$tau2, sigma2 = f$sigma2, i2 = f$I2,
  h2 = f$H2, lrt = f$QE.LRT, wald = f$QE.Wld), num)
c7 <- dat.nielweise2007; c8 <- dat.nielweise2008
or <- function(...) rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = c7, control = strict, ...)
irr <- function(...) rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = c8, control = strict, ...)
lme4 <- list(
  "OR UM.FS catheter 7" = out(or(model = "UM.FS")), "OR UM.FS catheter 25" = out(or(model = "UM.FS", nAGQ = 25)),
  "OR UM.FS catheter 7 coding 1" = out(or(model = "UM.FS", coding = 1)),
  "OR UM.RS catheter 1" = out(or(model = "UM.RS")), "OR CM.AL catheter 7" = out(or(model = "CM.AL")),
  "IRR UM.FS dialysis 7" = out(irr(model = "UM.FS")), "IRR UM.RS dialysis 1" = out(irr(model = "UM.RS")),
  "IRR CM.EL dialysis 7" = out(irr(model = "CM.EL")),
  "PLO pritz 7" = out(rma.glmm(measure = "PLO", xi = xi, ni = ni, data = p, control = strict)),
  "IRLN dialysis 7" = out(rma.glmm(measure = "IRLN", xi = x1i, ti = t1i, data = c8, control = strict)),
  "OR UM.FS bcg 7" = out(rma.glmm(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.colditz1994,
                                  control = strict)))
ee <- rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = c7, model = "UM.FS", method = "EE")
common <- lapply(list(estimate = ee$beta, se = ee$se, loglik = ee$fit.stats$ML[1], deviance = ee$fit.stats$ML[2],
  aic = ee$fit.stats$ML[3], bic = ee$fit.stats$ML[4], aicc = ee$fit.stats$ML[5]), num)

data$pritz <- list(a = p$xi, n1 = p$ni)
versions <- c(R = as.character(getRversion()), sapply(c("metafor", "metadat", "lme4", "numDeriv"),
  function(v) as.character(packageVersion(v))))
cat(toJSON(list(versions = as.list(versions), data = data, pooled = pooled, leave_one_out = one_out, peto = peto,
  exact = exact, lme4 = lme4, common = common), digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "\n")
