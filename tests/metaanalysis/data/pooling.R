# Rscript pooling.R > pooling.json
# Every estimator of tau2, test and prediction interval of metafor on public data, at the tightest tolerance it accepts.
suppressMessages({library(metafor); library(jsonlite)})

# thresholds of metafor are absolute: the tightest one that a set allows is used
fitted <- function(...) for (threshold in 10^-(13:4)) {
  control <- list(threshold = threshold, maxiter = 10000, tol = 1e-15, tau2.max = 1e6)
  fit <- tryCatch(rma(..., control = control), error = function(problem) NULL)
  if (!is.null(fit)) return(fit)
}
methods <- c("DL", "HE", "HS", "HSk", "SJ", "SJIT", "ML", "REML", "EB", "PM", "PMM")
numbers <- function(fit) list(
  estimate = as.vector(fit$beta), se = fit$se, statistic = fit$zval, p = fit$pval, low = fit$ci.lb, high = fit$ci.ub,
  tau2 = fit$tau2, tau2_se = fit$se.tau2, i2 = fit$I2, h2 = fit$H2, q = fit$QE, q_p = fit$QEp, typical_variance = fit$vt)
one <- function(yi, vi) {
  fits <- list()
  for (method in methods) fits[[method]] <- numbers(fitted(yi, vi, method = method))
  fits$FE <- numbers(rma(yi, vi, method = "FE"))
  fits$GENQ <- numbers(rma(yi, vi, method = "GENQ", weights = 1 / sqrt(vi)))
  tests <- list()
  for (test in c("z", "t", "knha", "adhoc")) {
    fit <- fitted(yi, vi, test = test)
    tests[[test]] <- c(numbers(fit)[1:6], list(prediction_low = predict(fit)$pi.lb, prediction_high = predict(fit)$pi.ub))
  }
  limits <- confint(fitted(yi, vi), control = list(tol = 1e-15))$random
  list(y = as.vector(yi), v = as.vector(vi), fits = fits, tests = tests,
       q_profile = list(tau2 = limits["tau^2", 2:3], i2 = limits["I^2(%)", 2:3], h2 = limits["H^2", 2:3]))
}
complete <- function(found) found[!is.na(found$yi), ]
bcg <- complete(escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg))
normand <- complete(escalc(measure = "MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i,
  data = metadat::dat.normand1999))
hine <- complete(escalc(measure = "RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = metadat::dat.hine1989))
molloy <- complete(escalc(measure = "ZCOR", ri = ri, ni = ni, data = metadat::dat.molloy2014))
sets <- list(
  bcg = one(bcg$yi, bcg$vi), normand1999 = one(normand$yi, normand$vi), hine1989 = one(hine$yi, hine$vi),
  molloy2014 = one(molloy$yi, molloy$vi), alike = one(c(0.1, 0.1001, 0.0999, 0.1002), c(0.2, 0.1, 0.3, 0.25)),
  two = one(c(0.1, 0.9), c(0.02, 0.05)))
cat(toJSON(list(made_by = "tests/metaanalysis/data/pooling.R", metafor = as.character(packageVersion("metafor")),
                metadat = as.character(packageVersion("metadat")), R = R.version.string, sets = sets),
           digits = NA, auto_unbox = TRUE, na = "null", null = "null", pretty = 1))
