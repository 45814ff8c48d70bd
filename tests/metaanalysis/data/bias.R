# Rscript bias.R > bias.json
# Small-study effects by metafor and by lm on public data. Where metafor's own tolerance is absolute or wide, the exact
# value is found beside it: additive regression tests at the tightest threshold, trim and fill in closed form (FE, DL),
# Henmi-Copas with a tight root, excess significance under a common effect (no integral).
suppressMessages({library(metafor); library(jsonlite)})

tight <- function(...) for (threshold in 10^-(13:4)) {
  fit <- tryCatch(rma(..., control = list(threshold = threshold, maxiter = 10000)), error = function(problem) NULL)
  if (!is.null(fit)) return(fit)
}
or_null <- function(x) if (is.null(x) || length(x) == 0 || is.na(x[1])) NULL else as.vector(x)
line <- function(test) list(statistic = test$zval, p = test$pval, df = or_null(test$dfs), limit = or_null(test$est),
  limit_low = or_null(test$ci.lb), limit_high = or_null(test$ci.ub))
predictors <- c(se = "sei", variance = "vi", size = "ni", "inverse-size" = "ninv", "root-size" = "sqrtni", "inverse-root-size" = "sqrtninv")

regressions <- function(y, v, n) {
  sizes <- if (is.null(n)) list() else list(ni = n)
  fit <- do.call(tight, c(list(y, v), sizes))
  found <- list()
  for (name in names(predictors)[if (is.null(n)) 1:2 else 1:6]) found[[name]] <- list(
    multiplicative = line(do.call(regtest, c(list(y, v, model = "lm", predictor = predictors[[name]]), sizes))),
    additive = line(regtest(fit, predictor = predictors[[name]])))
  found
}
trimmed <- function(y, v) {
  found <- list()
  for (method in c("FE", "DL")) for (estimator in c("L0", "R0", "Q0")) {
    t <- tryCatch(suppressWarnings(trimfill(rma(y, v, method = method), estimator = estimator)), error = function(problem) NULL)
    if (!is.null(t)) found[[paste(method, estimator, sep = "_")]] <- list(missing = t$k0, missing_se = t$se.k0,
      missing_p = or_null(t$p.k0), side = t$side, estimate = as.vector(t$beta), se = t$se, tau2 = t$tau2, q = t$QE,
      imputed_y = I(as.vector(t$yi)[t$fill]), imputed_v = I(as.vector(t$vi)[t$fill]))
  }
  found
}
selection <- function(y, v, type, alternative, steps) {
  fit <- rma(y, v, method = "ML")
  s <- tryCatch(suppressWarnings(if (type == "stepfun") selmodel(fit, type = type, alternative = alternative, steps = steps, control = list(reltol = 1e-14, maxit = 5000))
    else selmodel(fit, type = type, alternative = alternative, control = list(reltol = 1e-14, maxit = 5000, intCtrl = list(rel.tol = 1e-6, subdivisions = 1000)))),
    error = function(problem) NULL)
  if (is.null(s)) NULL else list(type = type, alternative = alternative, steps = I(steps), estimate = as.vector(s$beta), se = s$se,
    tau2 = s$tau2, delta = I(as.vector(s$delta)), log_likelihood = as.vector(logLik(s)), lr_statistic = s$LRT, lr_p = s$LRTp)
}
one <- function(y, v, n = NULL, selections = list()) {
  y <- as.vector(y); v <- as.vector(v)
  common <- rma(y, v, method = "FE")
  rank <- suppressWarnings(ranktest(common))
  henmi <- hc(rma(y, v, method = "DL"), control = list(tol = 1e-14))
  excess <- lapply(setNames(nm = if (length(y) < 15) c("exact", "binom", "chi2") else c("binom", "chi2")), function(test) {
    t <- tes(common, test = test, progbar = FALSE)
    list(observed = t$O, expected = t$E, p = t$pval, statistic = or_null(t$X2), limit = or_null(t$theta.lim))
  })
  list(y = y, v = v, n = n, regression = regressions(y, v, n), rank = list(tau = as.vector(rank$tau), p = rank$pval),
    trim_and_fill = trimmed(y, v), excess_significance = excess,
    fail_safe = list(rosenthal = fsn(y, v)$fsnum, orwin = fsn(y, v, type = "Orwin")$fsnum, rosenberg = fsn(y, v, type = "Rosenberg")$fsnum),
    henmi_copas = list(estimate = as.vector(henmi$beta), se = henmi$se, low = henmi$ci.lb, high = henmi$ci.ub, tau2 = henmi$tau2),
    selection = Filter(Negate(is.null), lapply(selections, function(s) do.call(selection, c(list(y, v), s)))))
}

# tests for two by two tables, written with lm
a <- as.numeric(dat.bcg$tpos); n1 <- a + dat.bcg$tneg; c <- as.numeric(dat.bcg$cpos); n2 <- c + dat.bcg$cneg
n <- n1 + n2; events <- a + c
y <- log(a / (n1 - a)) - log(c / (n2 - c)); v <- 1 / a + 1 / (n1 - a) + 1 / c + 1 / (n2 - c)
slope <- function(y, x, w) { s <- coef(summary(lm(y ~ x, weights = w)))[2, ]; list(slope = s[[1]], slope_se = s[[2]], statistic = s[[3]], p = s[[4]]) }
information <- n1 * n2 * events * (n - events) / (n^2 * (n - 1)); size <- 4 * n1 * n2 / n
table_tests <- list(
  harbord = slope((a - n1 * events / n) / information, 1 / sqrt(information), information),
  peters = slope(y, 1 / n, 1 / (1 / events + 1 / (n - events))),
  macaskill = slope(y, n, 1 / v), macaskill_pooled = slope(y, n, 1 / (1 / events + 1 / (n - events))),
  deeks = slope(y, 1 / sqrt(size), size))
normand <- escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
modified <- 1 / normand$n1i + 1 / normand$n2i

bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
sets <- list(
  bcg = one(bcg$yi, bcg$vi, attr(bcg$yi, "ni"), list(list("stepfun", "less", 0.025), list("stepfun", "less", c(0.025, 0.5)))),
  hackshaw1998 = one(dat.hackshaw1998$yi, dat.hackshaw1998$vi, NULL, list(list("stepfun", "greater", c(0.025, 0.5)), list("stepfun", "two.sided", 0.05))),
  baskerville2012 = one(dat.baskerville2012$smd, dat.baskerville2012$se^2, NULL, list(list("stepfun", "greater", 0.025), list("negexp", "greater", numeric()))))
cat(toJSON(list(made_by = "tests/metaanalysis/data/bias.R", metafor = as.character(packageVersion("metafor")),
  metadat = as.character(packageVersion("metadat")), R = R.version.string, sets = sets,
  tables = list(events1 = a, total1 = n1, events2 = c, total2 = n2, tests = table_tests),
  means = list(y = as.vector(normand$yi), v = as.vector(normand$vi), n1 = normand$n1i, n2 = normand$n2i,
    weighted = slope(normand$yi, sqrt(modified), 1 / normand$vi), modified = slope(normand$yi, sqrt(modified), 1 / modified))),
  digits = NA, auto_unbox = TRUE, na = "null", null = "null"))
