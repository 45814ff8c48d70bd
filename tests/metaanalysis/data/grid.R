# Rscript grid.R FOLDER
# The grid that tests/metaanalysis/test_reference_grid.py compares with: one JSON file for each data set, in the structure
# that tests/metaanalysis/reference_grid.py reads. Public data of metadat and four made-up sets at the edges; everything by
# metafor (grid_functions.R). Needs metafor, metadat, lme4, gsl and jsonlite; takes a minute.
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "grid_functions.R"))
folder <- commandArgs(TRUE)[1]

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
