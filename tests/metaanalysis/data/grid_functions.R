# What R's metafor makes of studies, in the structure that tests/metaanalysis/reference_grid.py reads: of public data for
# grid.R, of random data for ../live/random.R. `tight` is the exact optimum, where metafor's default control stops early.
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
version <- function(package) as.character(packageVersion(package))
ITERATED <- c("SJIT", "DLIT", "ML", "REML", "EB", "PM", "PMM")
METHODS <- c("FE", "DL", "HE", "HS", "HSk", "SJ", ITERATED)
TESTS <- c("t", "knha", "adhoc")

num <- function(x) if (is.null(x) || length(x) == 0) NA else as.vector(unname(x))
attempt <- function(expression) {
  warnings <- character(0)
  tryCatch(withCallingHandlers(expression, warning = function(w) {
    warnings <<- c(warnings, conditionMessage(w)); invokeRestart("muffleWarning")
  }), error = function(e) list(error = conditionMessage(e), warnings = I(warnings)))
}
# Steps of Fisher scoring: where the whole step goes back and forth, shorter ones are the remedy that help(rma) names
STEPS <- 1
# on large scales the tightest threshold is below rounding: then the next
fit <- function(yi, vi, method, ..., threshold = 1e-13) {
  tightest <- threshold
  for (step in if (method %in% c("ML", "REML", "EB")) STEPS else 1) {
    threshold <- tightest
    repeat {
      r <- tryCatch(suppressWarnings(rma(yi, vi, method = method, ...,
        control = list(threshold = threshold, tol = 1e-15, maxiter = 10000, tau2.max = 1e6, stepadj = step))), error = function(e) e)
      if (!inherits(r, "error")) return(r)
      if (threshold > 1e-9 || !grepl("did not converge", conditionMessage(r))) break
      threshold <- 10 * threshold
    }
    if (!grepl("did not converge", conditionMessage(r))) break
  }
  stop(r)
}
estimates <- function(r) list(estimate = num(r$beta), se = r$se, stat = r$zval, pval = r$pval, ci_lb = r$ci.lb,
  ci_ub = r$ci.ub, tau2 = r$tau2)
statistics <- function(r) list(rows = c("ll", "dev", "AIC", "BIC", "AICc"), ML = num(fitstats(r, REML = FALSE)),
  REML = num(fitstats(r, REML = TRUE)))
whole <- function(r) c(list(k = r$k, p = r$p), estimates(r), list(se_tau2 = num(r$se.tau2), I2 = r$I2, H2 = r$H2,
  QE = r$QE, QEp = r$QEp, vt = r$vt, ddf = num(r$ddf)), list(fit_stats = statistics(r)))
regressed <- function(r) c(whole(r), list(QM = r$QM, QMp = r$QMp, QMdf = r$QMdf, R2 = num(r$R2), vb = unname(vcov(r))))
interval <- function(r) {
  random <- confint(r, control = list(tol = 1e-15, tau2.max = 1e6))
  list(tau2 = num(random$random[1, ]), tau = num(random$random[2, ]), I2 = num(random$random[3, ]),
       H2 = num(random$random[4, ]), order = c("estimate", "ci_lb", "ci_ub"), ci_null = random$ci.null)
}
pooled <- function(yi, vi, method) {
  default <- attempt(whole(suppressWarnings(rma(yi, vi, method = method))))
  default$tight <- attempt({
    r <- fit(yi, vi, method)
    c(estimates(r), list(se_tau2 = num(r$se.tau2), I2 = r$I2, H2 = r$H2),
      if (method != "FE") list(tau2_ci_qprofile = interval(r)))
  })
  default
}
predicted <- function(r, ...) {
  p <- predict(r, ...)
  list(pred = p$pred, se = p$se, ci_lb = p$ci.lb, ci_ub = p$ci.ub, pi_lb = p$pi.lb, pi_ub = p$pi.ub)
}
refitted <- function(x, common) {
  names <- c("estimate", "se", "zval", "pval", "ci.lb", "ci.ub", "Q", "Qp", "tau2", "I2", "H2")
  if (common) names <- setdiff(names, "tau2")
  lapply(unclass(x)[intersect(names, names(unclass(x)))], num)
}
filled <- function(yi, vi, method, ...) attempt({
  t <- trimfill(fit(yi, vi, method, threshold = 1e-10), ...)
  list(k0 = t$k0, se_k0 = num(t$se.k0), p_k0 = num(t$p.k0), side = t$side, k = t$k, estimate = num(t$beta), se = t$se,
       ci_lb = t$ci.lb, ci_ub = t$ci.ub, tau2 = t$tau2, QE = t$QE, I2 = t$I2,
       filled_yi = I(as.vector(t$yi[t$fill])), filled_vi = I(as.vector(t$vi[t$fill])))
})
asymmetry <- function(yi, vi, ni) {
  reml <- fit(yi, vi, "REML"); reml$ni <- ni; common <- rma(yi, vi, method = "FE")
  found <- list()
  for (predictor in c("sei", "vi", if (!is.null(ni)) c("ni", "ninv", "sqrtni", "sqrtninv"))) for (model in c("lm", "rma"))
    found[[paste("regtest", model, predictor, sep = "_")]] <- attempt({
      test <- regtest(if (is.null(ni)) reml else rma(yi, vi, ni = ni, control = reml$control), model = model, predictor = predictor)
      list(stat = test$zval, pval = test$pval, dfs = num(test$dfs), limit_est = num(test$est), limit_ci_lb = num(test$ci.lb),
           limit_ci_ub = num(test$ci.ub), predictor = predictor, model = model)
    })
  found$ranktest <- attempt({t <- ranktest(common); list(tau = num(t$tau), pval = t$pval)})
  for (method in c("FE", "DL", "REML")) for (estimator in c("L0", "R0", "Q0"))
    found[[paste("trimfill", method, estimator, sep = "_")]] <- filled(yi, vi, method, estimator = estimator)
  for (type in c("Rosenthal", "Orwin", "Rosenberg")) found[[paste0("fsn_", type)]] <- attempt({
    f <- fsn(yi, vi, type = type)
    list(fsnum = f$fsnum, pval = num(f$pval), meanes = num(f$meanes), target = num(f$target))
  })
  found$hc <- attempt({h <- hc(rma(yi, vi, method = "DL"))
    list(estimate = num(h$beta), se = h$se, ci_lb = h$ci.lb, ci_ub = h$ci.ub, tau2 = h$tau2)})
  found$tes <- attempt({t <- tes(reml, progbar = FALSE)
    list(O = t$O, E = t$E, OEratio = t$OEratio, test = t$test, X2 = num(t$X2), pval = t$pval, theta = num(t$theta),
         theta_lim = num(t$theta.lim))})
  found
}
influences <- function(yi, vi, method) {
  r <- fit(yi, vi, method, threshold = 1e-10); x <- influence(r); residuals <- rstandard(r)
  found <- c(lapply(as.list(x$inf)[c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "weight")], num),
    list(dfbetas_intercept = num(x$dfbs[[1]]), is_influential = num(x$is.infl), rstandard_resid = num(residuals$resid),
         rstandard_z = num(residuals$z), weights_pct = num(weights(r))))
  if (method == "FE") return(found)
  b <- blup(r)
  c(found, list(blup = num(b$pred), blup_se = num(b$se), blup_pi_lb = num(b$pi.lb), blup_pi_ub = num(b$pi.ub)))
}
selected <- function(yi, vi, type, alternative, ...) attempt({
  s <- selmodel(fit(yi, vi, "ML"), type = type, alternative = alternative, ...)
  list(estimate = num(s$beta), se = s$se, ci_lb = s$ci.lb, ci_ub = s$ci.ub, tau2 = s$tau2, se_tau2 = s$se.tau2,
       delta = I(num(s$delta)), se_delta = I(num(s$se.delta)), LRT = s$LRT, LRTp = s$LRTp, ll = num(logLik(s)))
})
analysed <- function(d, measure, full, year = NULL) {
  used <- which(!is.na(d$yi) & !is.na(d$vi)); k <- length(used)
  yi <- num(d$yi)[used]; vi <- num(d$vi)[used]; ni <- attr(d$yi, "ni")[used]
  found <- list(escalc = list(yi = yi, vi = vi, ni = num(ni), measure = measure), k_used = k, used_rows_1based = used)
  found$pool <- lapply(setNames(nm = METHODS), function(method) pooled(yi, vi, method))
  for (method in if (full) c("DL", "REML", "PM", "SJ") else "REML") for (test in TESTS) {
    r <- fit(yi, vi, method, test = test)
    found$small_sample[[paste(method, test, sep = "_")]] <- c(estimates(r), list(ddf = num(r$ddf)))
  }
  for (method in if (full) c("DL", "REML", "PM") else "REML") for (test in c("z", "t", "knha")) {
    r <- fit(yi, vi, method, test = test)
    found$prediction[[paste(method, test, sep = "_")]] <- predicted(r)
    if (test != "t") found$prediction[[paste(method, test, "Riley_tkm2", sep = "_")]] <- predicted(r, pi.type = "riley")
  }
  if (!full) return(found)
  found$bias <- asymmetry(yi, vi, ni)
  found$leave1out <- lapply(setNames(nm = c("FE", "DL", "REML")), function(method)
    refitted(leave1out(fit(yi, vi, method, threshold = 1e-10)), method == "FE"))
  found$influence <- lapply(setNames(nm = c("FE", "REML")), function(method) influences(yi, vi, method))
  pdf(NULL); b <- baujat(rma(yi, vi, method = "FE")); dev.off()
  found$influence$baujat_FE <- list(x = b$x, y = b$y)
  if (!is.null(year)) {
    found$cumul_by_year <- lapply(setNames(nm = c("FE", "DL", "REML")), function(method)
      refitted(do.call(cumul, list(fit(yi, vi, method, threshold = 1e-10), order = year)), method == "FE"))
    found$cumul_by_year$year <- year; found$cumul_by_year$order_1based <- order(year)
  }
  found
}
moderated <- function(yi, vi, data, formula) {
  one <- function(method, ...) regressed(fit(yi, vi, method, mods = formula, data = data, ...))
  tight <- fit(yi, vi, "REML", mods = formula, data = data)
  c(list(formula = paste(deparse(formula), collapse = "")),
    lapply(setNames(nm = c("FE", "DL", "ML", "REML", "PM")), one),
    list(DL_knha = one("DL", test = "knha"), REML_knha = one("REML", test = "knha"),
         REML_default_control = regressed(rma(yi, vi, mods = formula, data = data)),
         REML_tau2_ci = interval(tight), REML_vif = list(vif = I(num(sapply(vif(tight)$vif, function(one) one$vif))))))
}
grouped <- function(yi, vi, factor) {
  one <- function(method) {
    levels <- lapply(split(seq_along(yi), factor), function(i) fit(yi[i], vi[i], method))
    between <- rma(sapply(levels, function(r) num(r$beta)), sei = sapply(levels, function(r) r$se), method = "FE")
    list(by_level = lapply(levels, whole),
         Q_between_separate_tau2 = list(Q_between = between$QE, df = between$k - 1, pval = between$QEp),
         mods_common_tau2 = regressed(fit(yi, vi, method, mods = ~ level, data = data.frame(level = factor))))
  }
  c(list(factor = factor, levels = sort(unique(factor))), lapply(setNames(nm = c("FE", "DL", "REML")), one))
}
haenszel <- function(measure, a, b, c, d) {
  persons <- !measure %in% c("IRR", "IRD")
  call <- function(f, ...) if (persons) f(ai = a, n1i = b, ci = c, n2i = d, ...) else f(x1i = a, t1i = b, x2i = c, t2i = d, ...)
  report <- function(r) list(k = r$k, k_pos = num(r$k.pos), estimate = num(r$beta), se = r$se, stat = r$zval, pval = r$pval,
    ci_lb = r$ci.lb, ci_ub = r$ci.ub, QE = r$QE, QEp = r$QEp, I2 = r$I2, H2 = r$H2)
  tests <- function(r) lapply(list(MH = r$MH, MHp = r$MHp, CO = r$CO, COp = r$COp, BD = r$BD, BDp = r$BDp, TA = r$TA,
    TAp = r$TAp), num)
  full <- function(...) {r <- suppressWarnings(call(rma.mh, measure = measure, ...)); c(report(r), tests(r))}
  name <- paste0("MH_", measure)
  if (measure == "PETO") return(list(Peto = report(suppressWarnings(call(rma.peto)))))
  one <- suppressWarnings(leave1out(call(rma.mh, measure = measure)))
  found <- list(full(), full(add = c(.5, .5), to = c("only0", "only0")), lapply(unclass(one)[c("estimate", "se", "Q")], num))
  names(found) <- c(name, paste0(name, "_addonly0_both"), paste0("leave1out_", name))
  if (measure == "OR") found[[paste0(name, "_nocorrect")]] <- full(correct = FALSE)
  found
}
mixed <- function(...) {
  r <- suppressWarnings(rma.glmm(...))
  list(estimate = num(r$beta), se = r$se, ci_lb = r$ci.lb, ci_ub = r$ci.ub, tau2 = r$tau2, LRT = num(r$QE.LRT),
       Wld = num(r$QE.Wld))
}
about <- function(name, source) list(name = name, source = source, metafor = version("metafor"), metadat = version("metadat"),
  lme4 = version("lme4"), R = R.version.string)
save <- function(x) writeLines(toJSON(x, digits = I(17), auto_unbox = TRUE, na = "null", null = "null"),
  file.path(folder, paste0(x$name, ".json")))
