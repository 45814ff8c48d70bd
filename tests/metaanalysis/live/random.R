# Rscript random.R ANALYSES.json FOLDER
# metafor's part of the live comparison: one file in the structure of the reference grid for each random analysis that
# analyses.py wrote down. A part that metafor cannot do is an error in its block.
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "..", "data", "grid_functions.R"))
source(file.path(here, "..", "data", "dependent_functions.R"))
folder <- commandArgs(TRUE)[2]
analyses <- fromJSON(commandArgs(TRUE)[1], simplifyDataFrame = FALSE, simplifyMatrix = FALSE)
STEPS <- c(1, .5, .2, .05)
# generalised Q has its distribution from a package that may lack
QUADRATIC <- requireNamespace("CompQuadForm", quietly = TRUE)
if (!QUADRATIC) cat("left out for want of R's CompQuadForm: GENQM, limits of tau2 by generalised Q\n", file = stderr())
without <- function(names, some) if (QUADRATIC) names else setdiff(unlist(names), some)
# lme4's own stops are far from the maximum
STRICT <- list(glmerCtrl = list(optimizer = "bobyqa", optCtrl = list(rhobeg = .2, rhoend = 1e-10, maxfun = 2e5)))

# a part of an analysis that takes longer is given up; what limited fits take is below a second
SECONDS <- 60
timed <- function(expression) {
  setTimeLimit(elapsed = SECONDS, transient = TRUE)
  on.exit(setTimeLimit())
  expression
}
named <- function(names, f) if (length(names)) lapply(setNames(nm = unlist(names)), function(name) attempt(timed(f(name))))
parted <- function(name) strsplit(name, "_")[[1]]
limits <- function(yi, vi, kind) attempt({
  r <- if (kind == "GENQ") fit(yi, vi, "GENQ", weights = 1 / vi) else fit(yi, vi, sub("PL_", "", kind))
  list(tau2 = num(confint(r, type = if (kind == "GENQ") "GENQ" else "PL", control = list(tol = 1e-15, tau2.max = 1e4))$random[1, 2:3]))
})
weighted <- function(yi, vi, w, method) attempt(estimates(fit(yi, vi, method, weights = w)))
with_options <- function(a, options) {
  got <- attempt(suppressWarnings(do.call(escalc, c(list(a$measure), a$raw[unlist(a$arguments)], options))))
  found <- if (is.null(got$error)) list(yi = num(got$yi), vi = num(got$vi)) else got["error"]
  c(found, list(input = a$raw[unlist(a$arguments)], options = options))
}
levels_of <- function(yi, vi, a, used) {
  d <- data.frame(yi = yi, study = a$raw$study[used], row = seq_along(yi))
  one <- function(method, test) {
    r <- attempt(several(d, vi, c("study", "row"), matrix(1, length(yi), 1), method, test))
    if (!is.null(r$error)) return(r)
    list(estimate = r$estimate, se = r$se, stat = r$statistic, pval = r$p, ci_lb = r$low, ci_ub = r$high, sigma2 = r$sigma2,
         ll = r$loglik, QE = r$q, QEp = r$q_p, I2 = r$i2, pi_lb = r$first_row$pi_low, pi_ub = r$first_row$pi_high)
  }
  named(c("REML_z", "ML_z", "REML_t"), function(name) one(parted(name)[1], parted(name)[2]))
}
effects <- function(a) {
  d <- if (a$measure == "GEN") list(yi = a$raw$yi, vi = a$raw$vi) else
    suppressWarnings(do.call(escalc, c(list(a$measure), a$raw[unlist(a$arguments)])))
  used <- which(!is.na(d$yi) & !is.na(d$vi)); yi <- num(d$yi)[used]; vi <- num(d$vi)[used]; ni <- attr(d$yi, "ni")[used]
  found <- list(escalc = list(yi = yi, vi = vi, measure = a$measure), k_used = length(used), used_rows_1based = I(used))
  if (length(used) < 2) return(found)
  found$pool <- named(a$pool, function(method) pooled(yi, vi, method))
  found$small_sample <- named(a$small_sample, function(name) attempt({
    r <- fit(yi, vi, parted(name)[1], test = parted(name)[2]); c(estimates(r), list(ddf = num(r$ddf)))}))
  found$prediction <- named(a$prediction, function(name) attempt({
    r <- fit(yi, vi, parted(name)[1], test = parted(name)[2])
    if (length(parted(name)) > 2) predicted(r, pi.type = "riley") else predicted(r)}))
  found$tau2_limits <- named(without(a$tau2_limits, "GENQ"), function(kind) limits(yi, vi, kind))
  found$weighted <- named(without(a$weighted, "GENQM"), function(method) weighted(yi, vi, a$raw$w[used], method))
  found$leave1out <- named(a$leave1out, function(method) attempt(refitted(leave1out(fit(yi, vi, method, threshold = 1e-10)), method == "FE")))
  found$influence <- named(a$influence, function(method) attempt(influences(yi, vi, method)))
  if (length(a$cumul_by_year)) {
    year <- a$raw$year[used]
    found$cumul_by_year <- named(a$cumul_by_year, function(method) attempt(refitted(
      do.call(cumul, list(fit(yi, vi, method, threshold = 1e-10), order = year)), method == "FE")))
    found$cumul_by_year <- c(found$cumul_by_year, list(year = year, order_1based = order(year)))
  }
  if (isTRUE(a$bias)) found$bias <- asymmetry(yi, vi, ni)
  if (length(a$selmodel)) found$selmodel <- named(a$selmodel, function(name) do.call(selected,
    c(list(yi, vi, parted(name)[1], parted(name)[2]), if (parted(name)[1] == "stepfun") list(steps = as.numeric(parted(name)[3])))))
  moderators <- as.data.frame(lapply(a$raw[c("x", "alloc")], function(column) column[used]))
  if (length(a$metareg)) {
    found$metareg <- lapply(a$metareg, function(formula) attempt(moderated(yi, vi, moderators, as.formula(formula))))
    names(found$metareg) <- gsub("[~ +]+", "", unlist(a$metareg))
  }
  if (isTRUE(a$subgroup)) found$subgroup <- attempt(grouped(yi, vi, moderators$alloc))
  if (isTRUE(a$multilevel)) found$multilevel <- levels_of(yi, vi, a, used)
  found
}

for (a in analyses) {
  x <- c(about(a$name, a$about), list(raw = a$raw, column_map = "raw names are the metafor argument names"))
  if (!isTRUE(a$effects_only)) x$analyses <- setNames(list(effects(a)), a$measure)
  if (length(a$options)) {
    x$measures <- lapply(a$options, function(options) with_options(a, options))
    names(x$measures) <- paste0(a$measure, "|", seq_along(a$options))
  }
  if (isTRUE(a$mh)) x$mh <- do.call(haenszel, c(list(a$measure), unname(a$raw[unlist(a$arguments)])))
  if (length(a$glmm)) {
    x$special <- lapply(a$glmm, function(model) attempt(timed(do.call(mixed, c(list(measure = a$measure, control = STRICT),
      a$raw[unlist(a$arguments)], if (nzchar(model)) list(model = model, nAGQ = if (model == "UM.RS") 1 else 7))))))
    names(x$special) <- paste0("glmm_", a$measure, ifelse(nzchar(unlist(a$glmm)), paste0("_", unlist(a$glmm)), ""))
  }
  save(x)
  cat(a$name, "\n")
}
