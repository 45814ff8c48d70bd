# Rscript regression.R > regression.json
# Meta-regressions, subgroups and permutation tests of metafor on the BCG trials, at the tightest tolerance it accepts.
suppressMessages({library(metafor); library(jsonlite)})

# thresholds of metafor are absolute: the tightest one that a set allows is used
fitted <- function(...) {
  given <- as.list(substitute(list(...)))[-1]
  caller <- parent.frame()
  for (threshold in 10^-(14:6)) {
    control <- list(threshold = threshold, maxiter = 10000, tol = 1e-15, tau2.max = 1e4)
    call <- as.call(c(quote(rma), given, list(control = control)))
    fit <- tryCatch(suppressWarnings(eval(call, caller)), error = function(problem) NULL)
    if (!is.null(fit)) return(fit)
  }
}
numbers <- function(fit) list(
  estimate = as.vector(fit$beta), se = fit$se, statistic = fit$zval, p = fit$pval, low = fit$ci.lb, high = fit$ci.ub,
  covariance = unname(vcov(fit)), tau2 = fit$tau2, tau2_se = fit$se.tau2, qe = fit$QE, qe_p = fit$QEp, qm = fit$QM,
  qm_p = fit$QMp, r2 = fit$R2, i2 = fit$I2, h2 = fit$H2, typical_variance = fit$vt, ml = fit$fit.stats$ML,
  reml = fit$fit.stats$REML)
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
# metafor's normal equations lose six digits on calendar years, so they are given from 1960
dat$year <- dat$year - 1960
dat$n <- with(dat, tpos + tneg + cpos + cneg)

methods <- c("FE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")
by_method <- lapply(setNames(nm = methods), function(method) numbers(fitted(yi, vi, mods = ~ ablat + year, data = dat, method = method)))
by_method$GENQ <- numbers(fitted(yi, vi, mods = ~ ablat + year, data = dat, method = "GENQ", weights = sqrt(dat$n)))
by_test <- lapply(setNames(nm = c("z", "t", "knha", "adhoc")), function(test) {
  fit <- fitted(yi, vi, mods = ~ ablat + alloc, data = dat, test = test)
  at <- cbind(c(20, 40, 55), c(0, 1, 0), c(1, 0, 0))
  shown <- predict(fit, newmods = at)
  c(numbers(fit), list(
    factor_test = c(anova(fit, btt = 3:4)$QM, anova(fit, btt = 3:4)$QMp), gvif = vif(fit, btt = list(2, 3:4))$vif |> sapply(`[[`, "vif"),
    prediction = list(estimate = shown$pred, se = shown$se, low = shown$ci.lb, high = shown$ci.ub,
                      prediction_low = shown$pi.lb, prediction_high = shown$pi.ub,
                      riley_low = predict(fit, newmods = at, pi.type = "riley")$pi.lb)))
})
weighted <- numbers(fitted(yi, vi, mods = ~ ablat, data = dat, weights = n))
weighted_knha <- numbers(fitted(yi, vi, mods = ~ ablat, data = dat, weights = n, test = "knha"))
fixed <- numbers(rma(yi, vi, mods = ~ ablat, data = dat, tau2 = 0.1))
no_intercept <- numbers(fitted(yi, vi, mods = ~ alloc - 1, data = dat))
interaction <- numbers(fitted(yi, vi, mods = ~ ablat * alloc, data = dat))
polynomial <- numbers(fitted(yi, vi, mods = ~ I(ablat - 33) + I((ablat - 33)^2), data = dat))
# the natural spline with the same knots spans the same curves as the restricted cubic spline
knots <- unname(quantile(dat$ablat, c(0.05, 0.35, 0.65, 0.95)))
spline <- fitted(yi, vi, mods = ~ splines::ns(ablat, knots = knots[2:3], Boundary.knots = knots[c(1, 4)]), data = dat)
curve <- predict(spline)
limits <- confint(fitted(yi, vi, mods = ~ ablat, data = dat), control = list(tol = 1e-15))$random
exact <- transform(dat, vi = replace(vi, 4, 0))
zero_variance <- lapply(setNames(nm = c("HE", "SJ", "REML", "ML", "EB")), function(method)
  numbers(fitted(yi, vi, mods = ~ ablat, data = exact, method = method))[c("estimate", "se", "tau2")])

levels <- c("alternate", "random", "systematic")
separate <- function(method, test) {
  fits <- lapply(levels, function(level) fitted(yi, vi, data = dat[dat$alloc == level, ], method = method, test = test))
  values <- sapply(fits, function(fit) c(fit$beta, fit$se, fit$tau2))
  between <- rma(values[1, ], values[2, ]^2, method = "FE")
  list(estimate = values[1, ], se = values[2, ], tau2 = values[3, ], q = between$QE, p = between$QEp)
}
subgroups <- list(
  REML = separate("REML", "z"), DL = separate("DL", "z"), FE = separate("FE", "z"), knha = separate("REML", "knha"),
  common = numbers(fitted(yi, vi, mods = ~ alloc, data = dat)),
  common_knha = numbers(fitted(yi, vi, mods = ~ alloc, data = dat, test = "knha")))

permuted <- function(fit) { found <- permutest(fit, exact = TRUE, progbar = FALSE); list(p = found$pval, qm_p = found$QMp, count = found$exact.iter) }
few <- dat[1:6, ]
permutations <- list(
  latitude = permuted(fitted(yi, vi, mods = ~ ablat, data = few)),
  latitude_dl_knha = permuted(fitted(yi, vi, mods = ~ ablat, data = few, method = "DL", test = "knha")),
  factor = permuted(fitted(yi, vi, mods = ~ alloc, data = dat[c(1, 2, 5, 6, 10, 11), ])),
  signs = permuted(fitted(yi, vi, data = few)), signs_fe = permuted(fitted(yi, vi, data = few, method = "FE")))

cat(toJSON(list(
  made_by = "tests/metaanalysis/data/regression.R", metafor = as.character(packageVersion("metafor")),
  metadat = as.character(packageVersion("metadat")), R = R.version.string,
  data = list(y = as.vector(dat$yi), v = as.vector(dat$vi), latitude = dat$ablat, year = dat$year, allocation = dat$alloc,
              n = dat$n, tpos = dat$tpos, tneg = dat$tneg, cpos = dat$cpos, cneg = dat$cneg),
  by_method = by_method, by_test = by_test, weighted = weighted, weighted_knha = weighted_knha, fixed = fixed,
  no_intercept = no_intercept, interaction = interaction, polynomial = polynomial,
  spline = list(knots = knots, tau2 = spline$tau2, qm = spline$QM, estimate = curve$pred, se = curve$se),
  tau2_interval = list(tau2 = limits["tau^2", 2:3], i2 = limits["I^2(%)", 2:3], h2 = limits["H^2", 2:3]),
  zero_variance = zero_variance, subgroups = subgroups, permutations = permutations),
  digits = I(17), auto_unbox = TRUE, pretty = FALSE, na = "null"))
