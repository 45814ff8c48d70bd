# Rscript grid.R FOLDER
# The grid that tests/metaanalysis/test_reference_grid.py compares with: one JSON file for each data set, in the structure
# that tests/metaanalysis/reference_grid.py reads. Public data of metadat and four made-up sets at the edges; everything by
# metafor. `tight` is the exact optimum, where metafor's default control stops early. Needs metafor, metadat, lme4, gsl and
# jsonlite; takes a minute.
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
folder <- commandArgs(TRUE)[1]
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
# on large scales the tightest threshold is below rounding: then the next
fit <- function(yi, vi, method, ..., threshold = 1e-13) {
  repeat {
    r <- tryCatch(suppressWarnings(rma(yi, vi, method = method, ...,
      control = list(threshold = threshold, tol = 1e-15, maxiter = 10000, tau2.max = 1e6))), error = function(e) e)
    if (!inherits(r, "error")) return(r)
    if (threshold > 1e-9 || !grepl("did not converge", conditionMessage(r))) stop(r)
    threshold <- 10 * threshold
  }
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

# two by two tables, with everything
d <- dat.bcg
one <- function(measure, full) analysed(escalc(measure, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d), measure, full, d$year)
x <- c(about("bcg", "metadat::dat.bcg"), list(raw = as.list(d), column_map = list(ai = "tpos", bi = "tneg", ci = "cpos", di = "cneg"),
  analyses = list(RR = one("RR", TRUE), OR = one("OR", FALSE), RD = one("RD", FALSE), AS = one("AS", FALSE))))
rr <- x$analyses$RR$escalc
x$analyses$RR$metareg <- list(ablat_year = moderated(rr$yi, rr$vi, d, ~ablat + year), alloc = moderated(rr$yi, rr$vi, d, ~alloc))
x$analyses$RR$subgroup <- grouped(rr$yi, rr$vi, d$alloc)
x$analyses$RR$selmodel <- list(stepfun_less_0.025 = selected(rr$yi, rr$vi, "stepfun", "less", steps = 0.025),
  negexp_less = selected(rr$yi, rr$vi, "negexp", "less"), note = "found by an optimiser")
x$mh <- do.call(c, lapply(c("OR", "RR", "RD", "PETO"), haenszel, d$tpos, d$tpos + d$tneg, d$cpos, d$cpos + d$cneg))
save(x)

# means
d <- dat.normand1999
map <- c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"); map <- as.list(setNames(map, map))
one <- function(measure, full) analysed(escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d), measure, full)
save(c(about("normand1999", "metadat::dat.normand1999"), list(raw = as.list(d), column_map = map,
  analyses = list(MD = one("MD", FALSE), SMD = one("SMD", TRUE)))))

# correlations
d <- dat.molloy2014
one <- function(measure, full) analysed(escalc(measure, ri = ri, ni = ni, data = d), measure, full, d$year)
map <- list(ri = "ri", ni = "ni")
x <- c(about("molloy2014", "metadat::dat.molloy2014"), list(raw = as.list(d), column_map = map, analyses = list(ZCOR = one("ZCOR", TRUE))))
x$analyses$ZCOR$metareg <- list(meanage = moderated(x$analyses$ZCOR$escalc$yi, x$analyses$ZCOR$escalc$vi, d, ~meanage))
save(x)
save(c(about("molloy2014_unbiased", "metadat::dat.molloy2014"), list(raw = as.list(d), column_map = map, analyses = list(UCOR = one("UCOR", FALSE)))))

# proportions
d <- dat.pritz1997
one <- function(measure, full) analysed(escalc(measure, xi = xi, ni = ni, data = d), measure, full)
save(c(about("pritz1997", "metadat::dat.pritz1997"), list(raw = as.list(d), column_map = list(xi = "xi", ni = "ni"),
  analyses = list(PLO = one("PLO", TRUE), PR = one("PR", FALSE), PLN = one("PLN", FALSE), PAS = one("PAS", FALSE), PFT = one("PFT", FALSE)),
  special = list(glmm_PLO = mixed(measure = "PLO", xi = d$xi, ni = d$ni)))))

# rates
d <- dat.nielweise2008
one <- function(measure, full) analysed(escalc(measure, x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d), measure, full, d$year)
map <- c("x1i", "t1i", "x2i", "t2i"); map <- as.list(setNames(map, map))
save(c(about("nielweise2008", "metadat::dat.nielweise2008"), list(raw = as.list(d), column_map = map,
  analyses = list(IRR = one("IRR", TRUE), IRD = one("IRD", FALSE)),
  mh = do.call(c, lapply(c("IRR", "IRD"), haenszel, d$x1i, d$t1i, d$x2i, d$t2i)),
  special = list("glmm_IRR_CM.EL" = mixed(measure = "IRR", x1i = d$x1i, t1i = d$t1i, x2i = d$x2i, t2i = d$t2i, model = "CM.EL")))))

# made up: zero cells of every kind
d <- list(ai = c(0, 2, 0, 5, 12, 0, 3, 1), n1i = c(40, 55, 30, 61, 12, 25, 90, 70), ci = c(3, 0, 0, 7, 20, 0, 6, 4), n2i = c(41, 50, 33, 58, 24, 26, 45, 66))
one <- function(measure, full) analysed(suppressWarnings(do.call(escalc, c(list(measure), d))), measure, full)
save(c(about("syn_zero_cells", "made up"), list(raw = d, column_map = "raw names are the metafor argument names",
  analyses = list(OR = one("OR", TRUE), RD = one("RD", FALSE), PETO = one("PETO", FALSE)),
  mh = do.call(c, lapply(c("OR", "RR", "RD", "PETO"), haenszel, d$ai, d$n1i, d$ci, d$n2i)))))

# made up: three studies, and studies that agree more than chance allows
generic <- function(name, yi, vi) save(c(about(name, "made up"), list(raw = list(yi = yi, vi = vi),
  analyses = list(GEN = analysed(structure(list(yi = yi, vi = vi), class = "list"), "GEN", TRUE)))))
generic("syn_k3", c(0.1, 0.85, 0.4), c(0.04, 0.09, 0.02))
generic("syn_homogeneous", c(0.31, 0.29, 0.35, 0.3, 0.27, 0.33, 0.32, 0.3), c(0.02, 0.05, 0.04, 0.11, 0.03, 0.08, 0.06, 0.09))

# effect sizes of every family, with their options
table <- list(ai = c(13, 0, 11, 16), bi = c(27, 40, 29, 24), ci = c(19, 19, 16, 15), di = c(26, 26, 29, 30))
rates <- list(x1i = c(4, 6, 0, 9), t1i = c(71.2, 173.6, 63.1, 55.7), x2i = c(11, 7, 8, 15), t2i = c(80.1, 144.5, 57.2, 170.6))
means <- list(m1i = c(6.95, 11.33, 5.57, 7.07), sd1i = c(1.95, 2.52, 2.94, 1.1), n1i = c(20, 48, 85, 15),
  m2i = c(9.91, 10.4, 8.7, 11.39), sd2i = c(1.91, 2.4, 1.84, 2.2), n2i = c(25, 61, 12, 85))
change <- c(means[c("m1i", "m2i", "sd1i", "sd2i")], list(ni = c(20, 48, 85, 15), ri = c(.5, .3, .7, -.1)))
relation <- list(ri = c(.22, -.48, -.71, .49), ni = c(45, 90, 82, 28))
partial <- list(ti = c(1.3, -2.1, .4, 3.2), ni = c(45, 90, 82, 28), mi = c(3, 5, 2, 4), r2i = c(.34, .34, .25, .43))
share <- list(xi = c(0, 6, 13, 9), ni = c(24, 51, 40, 27)); rate <- list(xi = c(0, 6, 13, 9), ti = c(41.1, 56.9, 79.7, 61.2))
mean1 <- list(mi = c(6.95, 11.33, 5.57, 7.07), sdi = c(1.95, 2.52, 2.94, 1.1), ni = c(20, 48, 85, 15))
alpha <- list(ai = c(.85, .63, .82, .68), mi = c(17, 8, 18, 11), ni = c(20, 48, 85, 45))
measures <- list()
effect <- function(name, input, ...) {
  options <- list(...)
  label <- paste(c(name, if (length(options)) paste0(names(options), "=", unlist(options))), collapse = "|")
  e <- suppressWarnings(do.call(escalc, c(list(measure = name), input, options)))
  measures[[label]] <<- list(input = input, options = options, yi = num(e$yi), vi = num(e$vi))
}
for (m in c("OR", "RR", "RD", "PETO", "AS", "PHI", "YUQ", "YUY", "RTET", "PBIT", "OR2DN", "OR2DL")) effect(m, table)
for (m in c("OR", "RR", "RD")) for (to in c("all", "if0all", "none")) effect(m, table, to = to)
effect("OR", table, add = 0.25)
for (m in c("MPRD", "MPRR", "MPOR", "MPORC", "MPPETO")) effect(m, table)
for (m in c("IRR", "IRD", "IRSD")) effect(m, rates)
for (m in c("MD", "SMD", "SMDH", "SMD1", "SMD1H", "ROM", "CVR", "VR", "RPB", "RBIS", "D2ORN", "D2ORL")) effect(m, means)
for (v in c("UB", "LS2", "AV")) effect("SMD", means, vtype = v)
effect("MD", means, vtype = "HO"); effect("ROM", means, vtype = "HO")
for (m in c("MC", "SMCC", "SMCR", "SMCRH", "ROMC", "CVRC", "VRC")) effect(m, change)
for (m in c("COR", "ZCOR", "UCOR")) effect(m, relation)
effect("UCOR", relation, vtype = "UB"); effect("COR", relation, vtype = "AV")
for (m in c("PCOR", "ZPCOR")) effect(m, partial[1:3]); effect("SPCOR", partial)
for (m in c("PR", "PLN", "PLO", "PAS", "PFT")) effect(m, share)
for (m in c("IR", "IRLN", "IRS", "IRFT")) effect(m, rate)
for (m in c("MN", "MNLN", "CVLN", "SDLN", "SMN")) effect(m, mean1)
for (m in c("ARAW", "AHW", "ABT")) effect(m, alpha)
effect("REH", table[1:3])
save(c(about("effect_sizes", "made up"), list(measures = measures)))
