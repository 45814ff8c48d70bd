# Makes sensitivity.json beside it: Rscript sensitivity.R > sensitivity.json
# metafor's iterations are stopped late (threshold, tolerance), so that its numbers are those of the exact optimum.
suppressMessages({library(metafor); library(metadat); library(rpact); library(jsonlite)})
tight <- list(threshold = 1e-14, tol = 1e-15, maxiter = 10000)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
refits <- function(x) { names(x) <- sub("^tval$", "zval", sub("^pvals$", "pval", names(x))); plain(x, intersect(names(x), c("estimate", "se", "zval", "pval", "ci.lb", "ci.ub", "Q", "Qp", "tau2", "I2", "H2"))) }
plain <- function(x, names) setNames(lapply(names, function(n) unname(unclass(x)[[n]])), names)

one <- function(method, test) {
  m <- suppressWarnings(rma(yi, vi, data = bcg, method = method, test = test, control = tight))
  i <- influence(m); s <- rstandard(m)
  list(method = method, test = test,
    leave_one_out = refits(leave1out(m)),
    cumulative = refits(cumul(m, order = bcg$year)),
    influence = c(plain(i$inf, c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "weight")),
      list(dfbetas = i$dfbs$intrcpt, influential = unname(i$is.infl), resid = unname(s$resid), z = unname(s$z))),
    baujat = { pdf(NULL); b <- baujat(m); invisible(dev.off()); list(x = b$x, y = b$y) },
    blup = if (method != "EE") plain(blup(m), c("pred", "se", "pi.lb", "pi.ub")),
    ranef = if (method != "EE") plain(ranef(m), c("pred", "se", "pi.lb", "pi.ub")))
}
fits <- list(one("EE", "z"), one("DL", "z"), one("REML", "z"), one("REML", "knha"), one("REML", "adhoc"), one("PM", "t"))

subsets <- function(method) {
  m <- rma(yi, vi, data = bcg[1:6, ], method = method, control = tight)
  g <- suppressWarnings(gosh(m, progbar = FALSE))
  list(method = method, k = g$res$k, estimate = g$res$estimate, q = g$res$QE, i2 = g$res$I2, h2 = g$res$H2, tau2 = g$res$tau2,
    members = lapply(seq_len(nrow(g$incl)), function(r) which(g$incl[r, ]) - 1))
}

profiled <- lapply(c("REML", "ML"), function(method) {
  grid <- c(0, 0.1, 0.25, 0.5, 1)
  list(method = method, tau2 = grid, loglik = sapply(grid, function(t) c(logLik(rma(yi, vi, data = bcg, method = method, tau2 = t)))))
})

# Walsh et al. 2014 and Khan et al. 2020: one arm, one patient at a time
p_of <- function(a, n1, c, n2) fisher.test(matrix(c(a, n1 - a, c, n2 - c), 2))$p.value
fragile <- function(a, n1, c, n2) {
  p <- p_of(a, n1, c, n2); step <- if (p < .05) 1 else -1; first <- a <= c; i <- 0; q <- p
  while ((q < .05) == (p < .05)) {
    i <- i + 1; a2 <- a + step * i * first; c2 <- c + step * i * !first
    if (a2 < 0 || c2 < 0 || a2 > n1 || c2 > n2) { i <- NA; q <- NA; break }
    q <- p_of(a2, n1, c2, n2)
  }
  list(table = c(a, n1, c, n2), p = p, index = i, p_changed = q)
}
tables <- list(c(1, 100, 9, 100), c(4, 120, 20, 118), c(15, 200, 40, 205), c(30, 60, 10, 58), c(10, 100, 12, 100), c(0, 50, 4, 50),
  c(5, 1000, 25, 1000), c(3, 20, 3, 20), c(0, 10, 0, 12))

# Atal et al. 2019, each step that which moves the limit of the interval most
pooled_fragile <- function(name, d, measure, method) {
  fit <- function(d) suppressWarnings(rma(measure = measure, ai = a, n1i = n1, ci = c, n2i = n2, data = d, method = method, drop00 = measure != "RD",
    control = if (method == "REML") list(threshold = 1e-12) else list()))
  walk <- function(up, done) {
    now <- d; n <- 0
    repeat {
      tried <- list()
      for (arm in c("a", "c")) for (i in seq_len(nrow(d))) {
        x <- now; x[[arm]][i] <- x[[arm]][i] + (if (arm == "a") 1 else -1) * up
        if (x[[arm]][i] < 0 || x[[arm]][i] > x[[if (arm == "a") "n1" else "n2"]][i]) next
        tried[[length(tried) + 1]] <- list(x = x, m = fit(x))
      }
      if (!length(tried)) return(list(n = NA))
      limit <- sapply(tried, function(t) done(t$m)$limit) * up
      best <- tried[[which.max(limit)]]; now <- best$x; n <- n + 1
      if (done(best$m)$yes) return(list(n = n, low = best$m$ci.lb, high = best$m$ci.ub))
    }
  }
  m <- fit(d)
  ways <- if (m$ci.ub < 0) list(walk(1, function(m) list(limit = m$ci.ub, yes = m$ci.ub >= 0)))
    else if (m$ci.lb > 0) list(walk(-1, function(m) list(limit = m$ci.lb, yes = m$ci.lb <= 0)))
    else list(walk(-1, function(m) list(limit = m$ci.ub, yes = m$ci.ub < 0)), walk(1, function(m) list(limit = m$ci.lb, yes = m$ci.lb > 0)))
  best <- ways[[which.min(sapply(ways, function(w) w$n))]]
  c(list(name = name, measure = measure, method = method, events1 = d$a, total1 = d$n1, events2 = d$c, total2 = d$n2,
    estimate = c(m$beta), low = m$ci.lb, high = m$ci.ub, index = best$n), list(low_changed = best$low, high_changed = best$high))
}
small <- data.frame(a = c(11, 8, 9, 2), n1 = c(40, 16, 13, 16), c = c(6, 5, 8, 0), n2 = c(40, 16, 15, 15))   # example of the authors' web page
collins <- with(dat.collins1985b, data.frame(a = pre.xti, n1 = pre.nti, c = pre.xci, n2 = pre.nci))
clear <- data.frame(a = c(3, 5, 0, 7, 0), n1 = c(60, 80, 30, 100, 20), c = c(10, 14, 5, 15, 0), n2 = c(61, 79, 33, 99, 21))
pooled <- list(pooled_fragile("atal", small, "RR", "EE"), pooled_fragile("atal", small, "OR", "DL"), pooled_fragile("atal", small, "RD", "REML"),
  pooled_fragile("collins1985b", collins, "OR", "EE"), pooled_fragile("collins1985b", collins, "RR", "REML"),
  pooled_fragile("clear", clear, "RR", "REML"), pooled_fragile("clear", clear, "OR", "DL"), pooled_fragile("clear", clear[c("c", "n2", "a", "n1")] |> setNames(c("a", "n1", "c", "n2")), "OR", "DL"))

# one-sided designs at alpha / 2: the sides of a symmetric design
looks <- function(t, beta) {
  d <- getDesignGroupSequential(informationRates = t, alpha = .025, beta = beta, sided = 1, typeOfDesign = "asOF", typeBetaSpending = "bsOF", bindingFutility = FALSE, tolerance = 1e-10)
  list(fractions = t, power = 1 - beta, efficacy = d$criticalValues, futility = d$futilityBounds, inflation = getDesignCharacteristics(d)$inflationFactor)
}
designs <- list(looks(c(.5, .75, 1), .2), looks(c(.55, .8, .9, 1), .1), looks(c(.6, .85, 1), .2), looks(c(.2, .4, .6, .8, 1), .2))

cat(toJSON(list(
  versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")), metadat = as.character(packageVersion("metadat")), rpact = as.character(packageVersion("rpact"))),
  bcg = list(y = c(bcg$yi), v = bcg$vi, year = bcg$year), fits = fits, subsets = lapply(c("EE", "DL", "REML"), subsets), profile = profiled,
  fragile = lapply(tables, function(t) do.call(fragile, as.list(t))), pooled_fragile = pooled, designs = designs),
  digits = 17, auto_unbox = TRUE, na = "null", null = "null"))
