# Makes dependent.json beside it: Rscript dependent.R > dependent.json
# The fits are those of dependent_functions.R; cluster-robust variances also by clubSandwich.
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "dependent_functions.R"))
suppressMessages(library(clubSandwich))

one <- function(n) cbind(intercept = rep(1, n))

kon <- dat.konstantopoulos2011; kon$study <- seq_len(nrow(kon)); k1 <- one(nrow(kon)); ky <- cbind(k1, year = kon$year - 1989)
ass <- dat.assink2016; a1 <- one(nrow(ass)); at <- cbind(a1, overt = ass$deltype == "overt", covert = ass$deltype == "covert")
assV <- vcalc(vi, cluster = study, obs = esid, data = ass, rho = 0.6)
ml <- list(
  konstantopoulos_reml = several(kon, kon$vi, c("district", "school"), k1, "REML"),
  konstantopoulos_ml = several(kon, kon$vi, c("district", "school"), k1, "ML"),
  konstantopoulos_year_t = several(kon, kon$vi, c("district", "school"), ky, "REML", "t", "contain"),
  konstantopoulos_two = several(kon, kon$vi, c("study"), k1, "REML"),
  konstantopoulos_district = several(kon, kon$vi, c("district"), k1, "REML"),
  konstantopoulos_crossed = several(kon, kon$vi, c("year", "school"), k1, "REML", nested = FALSE),
  assink_reml = several(ass, ass$vi, c("study", "esid"), a1, "REML", "t"),
  assink_type = several(ass, ass$vi, c("study", "esid"), at, "REML", "t"),
  assink_correlated = several(ass, assV, c("study", "esid"), a1, "REML"))
set.seed(7)   # no spread between studies: both components at 0; and only the inner one above 0
flat <- data.frame(study = rep(1:8, each = 3), esid = 1:24, vi = round(runif(24, .05, .3), 3)); flat$yi <- round(.4 + .5 * sqrt(flat$vi) * rnorm(24), 3)
part <- data.frame(study = rep(1:8, each = 3), esid = 1:24, vi = round(runif(24, .02, .1), 3)); part$yi <- round(.4 + rep(c(-.6, .1, .5), 8) + sqrt(part$vi) * rnorm(24), 3)
ml$flat <- several(flat, flat$vi, c("study", "esid"), one(24), "REML")
ml$part <- several(part, part$vi, c("study", "esid"), one(24), "REML")

profile <- confint(rma.mv(yi, vi, random = ~ 1 | district/school, data = kon), control = list(tol = 1e-10))
profile <- list(konstantopoulos_reml = lapply(profile, function(x) if (is.list(x)) x$random[1, 2:3] else NULL)[1:2])

# --- several outcomes -----------------------------------------------------------------------------------------------
shapes <- function(struct, p) {
  R <- function(rho) { m <- matrix(rho, p, p); diag(m) <- 1; m }
  low <- which(lower.tri(diag(p), TRUE), arr.ind = TRUE)
  unit <- function(i, j) { m <- matrix(0, p, p); m[i, j] <- 1; m[j, i] <- 1; m }
  switch(struct,
    ID = function(t) list(G = t * diag(p), D = list(diag(p))),
    DIAG = function(t) list(G = diag(t), D = lapply(1:p, function(i) unit(i, i))),
    CS = function(t) list(G = t[1] * R(t[2]), D = list(R(t[2]), t[1] * (R(1) - diag(p)))),
    HCS = function(t) { s <- t[1:p]; r <- R(t[p + 1])   # standard deviations, correlation
      list(G = outer(s, s) * r, D = c(lapply(1:p, function(i) { e <- matrix(0, p, p); e[i, ] <- (r * rep(s, each = p))[i, ]; e + t(e) }), list(outer(s, s) * (R(1) - diag(p))))) },
    UN = function(t) { G <- matrix(0, p, p); G[low] <- t; G <- G + t(G) - diag(diag(G), p); list(G = G, D = apply(low, 1, function(a) unit(a[1], a[2]), simplify = FALSE)) })
}
outcomes_of <- function(dat, V, inner, outer_, X, struct, method, test = "z") {
  f <- factor(dat[[inner]]); p <- nlevels(f); H <- model.matrix(~ f - 1); same <- outer(dat[[outer_]], dat[[outer_]], "==") * 1
  random <- as.formula(paste("~", inner, "|", outer_))
  fit <- function(...) suppressWarnings(rma.mv(dat$yi, V, mods = X, intercept = FALSE, random = random, struct = struct, data = dat, method = method, test = test, ...))
  free <- first_that_converges(fit)
  t0 <- switch(struct, ID = free$tau2, DIAG = free$tau2, CS = c(free$tau2, free$rho), HCS = c(sqrt(free$tau2), free$rho), UN = free$G[which(lower.tri(diag(p), TRUE))])
  shape <- shapes(struct, p)
  build <- function(t) { s <- shape(t); list(S = (H %*% s$G %*% t(H)) * same, D = lapply(s$D, function(D) (H %*% D %*% t(H)) * same)) }
  t1 <- score_zero(dat$yi, V, X, build, t0, method)
  G <- shape(t1)$G; sd <- sqrt(diag(G)); r <- G / outer(sd, sd)
  m <- switch(struct, ID = fit(tau2 = G[1, 1]), DIAG = fit(tau2 = diag(G)), CS = fit(tau2 = G[1, 1], rho = r[1, 2]), HCS = fit(tau2 = diag(G), rho = r[1, 2]), UN = fit(tau2 = diag(G), rho = r[lower.tri(r)]))
  slopes <- if (ncol(X) > p) anova(m, btt = (p + 1):ncol(X)) else NULL
  c(report(m, free), list(moderators = if (is.null(slopes)) NULL else list(qm = slopes$QM, p = slopes$QMp), struct = struct, outcomes = levels(f), columns = lapply(seq_len(ncol(X)), function(j) X[, j]), G = G, criteria = criteria(free)))
}
ber <- dat.berkey1998; berV <- bldiag(lapply(split(ber[c("v1i", "v2i")], ber$trial), as.matrix))
bx <- model.matrix(~ outcome - 1, ber); by <- cbind(bx, bx * (ber$year - 1983))
mv <- list()
for (s in c("ID", "DIAG", "CS", "HCS", "UN")) mv[[paste0("berkey_", s)]] <- outcomes_of(ber, berV, "outcome", "trial", bx, s, "REML")
mv$berkey_UN_ml <- outcomes_of(ber, berV, "outcome", "trial", bx, "UN", "ML")
mv$berkey_UN_year_ml <- outcomes_of(ber, berV, "outcome", "trial", by, "UN", "ML")
mv$berkey_UN_t <- outcomes_of(ber, berV, "outcome", "trial", bx, "UN", "REML", "t")
ish <- dat.ishak2007; ish <- reshape(ish, direction = "long", idvar = "study", v.names = c("yi", "vi"), varying = list(c(2, 4, 6, 8), c(3, 5, 7, 9)))
ish <- ish[order(ish$study, ish$time), ]; ish <- ish[!is.na(ish$yi), ]; rownames(ish) <- NULL; ish$study <- as.integer(factor(ish$study))
ishV <- vcalc(vi, cluster = study, time1 = time, phi = 0.97, data = ish); ix <- model.matrix(~ factor(time) - 1, ish)
for (s in c("ID", "DIAG", "CS", "HCS")) mv[[paste0("ishak_", s)]] <- outcomes_of(ish, ishV, "time", "study", ix, s, "REML")
colnames(ix) <- NULL

# --- cluster-robust variances ---------------------------------------------------------------------------------------
sandwich <- function(m, cluster) {
  plain <- robust(m, cluster = cluster, adjust = FALSE); adjusted <- robust(m, cluster = cluster, adjust = TRUE)
  out <- list(metafor_CR0 = list(se = plain$se, df = plain$dfs, p = plain$pval), metafor_adjusted = list(se = adjusted$se, df = adjusted$dfs, p = adjusted$pval, qm = adjusted$QM, qm_p = adjusted$QMp))
  for (type in c("CR0", "CR1", "CR1p", "CR2")) {
    V <- vcovCR(m, cluster = cluster, type = type)
    ct <- coef_test(m, vcov = V, test = "Satterthwaite"); ci <- conf_int(m, vcov = V)
    p <- length(coef(m))
    wald <- if (p > 2) Wald_test(m, constraints = constrain_zero(2:p), vcov = V, test = "HTZ") else NULL
    out[[type]] <- list(se = ct$SE, df = if (is.null(ct$df_Satt)) ct$df else ct$df_Satt, p = ct$p_Satt, low = ci$CI_L, high = ci$CI_U, covariance = as.matrix(V),
      wald = if (is.null(wald)) NULL else list(f = wald$Fstat, df1 = wald$df_num, df2 = wald$df_denom, p = wald$p_val))
  }
  out
}
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
bcg$allocation <- match(bcg$alloc, c("random", "alternate", "systematic"))
at_optimum <- function(dat, V, X, one) suppressWarnings(rma.mv(dat$yi, V, mods = X, intercept = FALSE, random = ~ 1 | study/esid, data = dat, sigma2 = one$sigma2))
kon_m <- rma.mv(yi, vi, random = ~ 1 | district/school, data = kon, sigma2 = ml$konstantopoulos_reml$sigma2)
ber_m <- rma.mv(yi, berV, mods = ~ outcome - 1, random = ~ outcome | trial, struct = "UN", data = ber, tau2 = mv$berkey_UN$tau2, rho = mv$berkey_UN$rho)
ass_m <- at_optimum(ass, assV, a1, ml$assink_correlated); type_m <- at_optimum(ass, ass$vi, at, ml$assink_type)
bcg_m <- rma(yi, vi, data = bcg, tau2 = 0.3); bcg_abs <- rma(yi, vi, mods = ~ ablat + year, data = bcg, tau2 = 0.1)
pooled <- rma(yi, vi, data = ass, tau2 = 0.25)
robustly <- list(konstantopoulos = sandwich(kon_m, kon$district), berkey = sandwich(ber_m, ber$trial), assink_correlated = sandwich(ass_m, ass$study),
  assink_type = sandwich(type_m, ass$study), bcg = c(sandwich(bcg_m, bcg$trial), tau2 = 0.3), bcg_abs = c(sandwich(bcg_abs, bcg$trial), tau2 = 0.1), assink_pooled = c(sandwich(pooled, ass$study), tau2 = 0.25))

cat(toJSON(list(
  made_by = "tests/metaanalysis/data/dependent.R", R = R.version.string, metafor = as.character(packageVersion("metafor")),
  metadat = as.character(packageVersion("metadat")), clubSandwich = as.character(packageVersion("clubSandwich")),
  data = list(
    konstantopoulos = list(source = "metadat::dat.konstantopoulos2011", district = kon$district, school = kon$school, study = kon$study, year = kon$year, yi = c(kon$yi), vi = kon$vi),
    assink = list(source = "metadat::dat.assink2016", study = ass$study, esid = ass$esid, yi = c(ass$yi), vi = ass$vi),
    flat = as.list(flat), part = as.list(part),
    berkey = list(source = "metadat::dat.berkey1998", trial = ber$trial, year = ber$year, outcome = ber$outcome, yi = c(ber$yi), vi = ber$vi, v1i = ber$v1i, v2i = ber$v2i),
    ishak = list(source = "metadat::dat.ishak2007", study = ish$study, time = ish$time, yi = c(ish$yi), vi = ish$vi),
    bcg = list(source = "metadat::dat.bcg", trial = bcg$trial, ablat = bcg$ablat, year = bcg$year, yi = c(bcg$yi), vi = c(bcg$vi))),
  sampling = list(ishak_row1 = ishV[1:4, 1:4], assink_1 = assV[1:3, 1:3]),
  multilevel = ml, profile = profile, multivariate = mv, robust = robustly), digits = NA, auto_unbox = TRUE, null = "null"))
