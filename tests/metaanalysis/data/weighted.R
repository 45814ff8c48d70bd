# Makes weighted.json beside it: Rscript weighted.R > weighted.json
# Influence, Baujat's plot and all subsets with weights of the user, by metafor; iterations are stopped late.
suppressMessages({library(metafor); library(metadat); library(jsonlite)})
tight <- list(threshold = 1e-14, tol = 1e-15, maxiter = 10000)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
weights <- c(2, 1, 3, 5, 4, 1.5, 2.5, 6, 0.5, 3.5, 4.5, 1, 2)

one <- function(method, test) {
  m <- suppressWarnings(rma(yi, vi, weights = weights, data = bcg, method = method, test = test, control = tight))
  i <- influence(m); s <- rstandard(m)
  pdf(NULL); b <- baujat(m); invisible(dev.off())
  kept <- c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "weight")
  list(method = method, test = test,
    influence = c(setNames(lapply(kept, function(n) unname(unclass(i$inf)[[n]])), kept),
      list(dfbetas = i$dfbs$intrcpt, influential = unname(i$is.infl), resid = unname(s$resid), z = unname(s$z))),
    baujat = list(x = b$x, y = b$y))
}
subsets <- function(method) {
  m <- rma(yi, vi, weights = weights[1:6], data = bcg[1:6, ], method = method, control = tight)
  g <- suppressWarnings(gosh(m, progbar = FALSE))
  list(method = method, estimate = g$res$estimate, q = g$res$QE, tau2 = g$res$tau2,
    members = lapply(seq_len(nrow(g$incl)), function(r) which(g$incl[r, ]) - 1))
}
cat(toJSON(list(made_by = "tests/metaanalysis/data/weighted.R", R = as.character(getRversion()),
  metafor = as.character(packageVersion("metafor")), weights = weights,
  fits = list(one("EE", "z"), one("DL", "z"), one("REML", "z"), one("REML", "knha"), one("GENQ", "z")),
  subsets = lapply(c("EE", "REML", "GENQ"), subsets)), auto_unbox = TRUE, digits = NA))
