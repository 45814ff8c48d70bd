# Effect sizes of R's metafor, and conversions computed in R: Rscript escalc.R > escalc.json
# RTET and UCOR are computed here from their definitions: metafor finds RTET by a simplex search to about four digits, and
# for UCOR it needs a package that is not always installed.
suppressMessages(library(metafor))
suppressMessages(library(jsonlite))

two <- list(events1 = c(13, 0, 11, 16, 0, 12, 40, 1), total1 = c(40, 40, 40, 40, 25, 30, 40, 9),
            events2 = c(19, 19, 16, 15, 0, 12, 31, 7), total2 = c(45, 45, 45, 45, 27, 30, 45, 11))
pairs <- list(both = c(13, 4, 11, 6, 0), only1 = c(27, 20, 0, 24, 6), only2 = c(19, 9, 16, 15, 2), neither = c(26, 26, 29, 0, 30))
rates <- list(events1 = c(4, 0, 7, 2, 0), time1 = c(71.2, 173.6, 63.1, 12, 30.5),
              events2 = c(11, 7, 8, 3, 0), time2 = c(80.1, 144.5, 57.2, 20, 41))
means <- list(mean1 = c(6.95, 11.33, 5.57, 3.1), sd1 = c(1.95, 2.52, 2.94, 0.4), n1 = c(20, 48, 85, 4),
              mean2 = c(9.91, 10.4, 8.7, 2.9), sd2 = c(1.91, 2.4, 1.84, 1.7), n2 = c(25, 61, 12, 3))
change <- list(mean1 = c(6.95, 11.33, 5.57, 3.1), sd1 = c(1.95, 2.52, 2.94, 0.4), mean2 = c(9.91, 10.4, 8.7, 2.9),
               sd2 = c(1.91, 2.4, 1.84, 1.7), n = c(20, 48, 85, 4), r = c(0.83, 0.58, -0.2, 0))
cors <- list(r = c(0.224, -0.475, 0, 0.9), n = c(15, 199, 100, 5))
partial <- list(t = c(4.008, -2.107, 0.3), n = c(97, 154, 12), predictors = c(2, 4, 5), r2 = c(0.339, 0.348, 0.1))
share <- list(events = c(0, 7, 10, 30, 2.5), total = c(30, 31, 32, 30, 12))
rate <- list(events = c(0, 6, 13, 1), time = c(41.1, 56.9, 79.7, 3))
mean <- list(mean = c(6.95, 11.33, 5.57), sd = c(1.95, 2.52, 2.94), n = c(20, 48, 2))
alpha <- list(alpha = c(0.85, 0.628, -0.1), items = c(17, 8, 2), n = c(245, 190, 20))
genes <- list(homozygotes1 = c(16, 3, 14), heterozygotes = c(27, 40, 29), homozygotes2 = c(19, 19, 16))

escalc_names <- list(
  two = c(events1 = "ai", total1 = "n1i", events2 = "ci", total2 = "n2i"),
  pairs = c(both = "ai", only1 = "bi", only2 = "ci", neither = "di"),
  rates = c(events1 = "x1i", time1 = "t1i", events2 = "x2i", time2 = "t2i"),
  means = c(mean1 = "m1i", sd1 = "sd1i", n1 = "n1i", mean2 = "m2i", sd2 = "sd2i", n2 = "n2i"),
  change = c(mean1 = "m1i", sd1 = "sd1i", mean2 = "m2i", sd2 = "sd2i", n = "ni", r = "ri"),
  cors = c(r = "ri", n = "ni"), partial = c(t = "ti", n = "ni", predictors = "mi", r2 = "r2i"),
  share = c(events = "xi", total = "ni"), rate = c(events = "xi", time = "ti"), mean = c(mean = "mi", sd = "sdi", n = "ni"),
  alpha = c(alpha = "ai", items = "mi", n = "ni"), genes = c(homozygotes1 = "ai", heterozygotes = "bi", homozygotes2 = "ci"))
sets <- list(two = two, pairs = pairs, rates = rates, means = means, change = change, cors = cors, partial = partial,
             share = share, rate = rate, mean = mean, alpha = alpha, genes = genes)
of_set <- list(
  two = c("RR", "OR", "RD", "PETO", "AS", "PHI", "YUQ", "YUY", "PBIT", "OR2D", "OR2DL", "OR2DN"),
  pairs = c("MPRD", "MPRR", "MPOR", "MPORC", "MPPETO"), rates = c("IRR", "IRD", "IRSD"),
  means = c("MD", "SMD", "SMDH", "SMD1", "SMD1H", "ROM", "CVR", "VR", "RPB", "RBIS", "D2OR", "D2ORL", "D2ORN"),
  change = c("MC", "SMCC", "SMCR", "SMCRH", "ROMC", "CVRC", "VRC"), cors = c("COR", "ZCOR"),
  partial = c("PCOR", "ZPCOR", "SPCOR"), share = c("PR", "PLN", "PLO", "PAS", "PFT"), rate = c("IR", "IRLN", "IRS", "IRFT"),
  mean = c("MN", "MNLN", "CVLN", "SDLN", "SMN"), alpha = c("ARAW", "AHW", "ABT"), genes = "REH")
variances <- list(RD = c("UB", "AV"), PHI = c("ST", "CS"), MD = c("UB", "HO"), SMD = c("LS2", "UB", "AV"), SMDH = "LS2",
                  SMD1 = c("LS2", "UB", "AV"), ROM = c("HO", "AV", "AVHO"), RPB = c("ST", "CS"), SMCC = "LS2", SMCR = "LS2",
                  COR = "AV", PCOR = "AV", SPCOR = "AV", PR = c("UB", "AV"), PLN = "AV", PLO = "AV")

pin <- function(set, measure, ...) {
  arguments <- setNames(sets[[set]], escalc_names[[set]][names(sets[[set]])])
  found <- suppressWarnings(do.call(escalc, c(list(measure = measure), arguments, list(...))))
  list(set = set, measure = measure, options = list(...), y = as.vector(found$yi), v = as.vector(found$vi))
}
cases <- list()
for (set in names(of_set)) for (measure in of_set[[set]]) {
  cases <- c(cases, list(pin(set, measure)))
  for (vtype in variances[[measure]]) cases <- c(cases, list(pin(set, measure, vtype = vtype)))
  if (set %in% c("two", "pairs", "rates", "share", "rate"))
    for (to in c("all", "if0all", "none")) cases <- c(cases, list(pin(set, measure, to = to, add = 0.25)))
  if (set %in% c("two", "rates")) cases <- c(cases, list(pin(set, measure, drop00 = TRUE)))
}

# RTET from its definition: the correlation at which the bivariate normal gives the table; variance by the delta method
# with numerical derivatives.
rtet_of <- function(p) {
  gap <- function(rho) mvtnorm::pmvnorm(upper = qnorm(c(p[1] + p[2], p[1] + p[3])), corr = matrix(c(1, rho, rho, 1), 2),
                                        algorithm = mvtnorm::TVPACK(abseps = 1e-15)) - p[1]
  uniroot(gap, c(-0.999, 0.999), tol = 1e-15)$root
}
rtet <- function(a, b, c, d) {
  p <- c(a, b, c) / (a + b + c + d)
  step <- 1e-4
  slope <- sapply(1:3, function(i) {
    at <- function(k) { moved <- p; moved[i] <- moved[i] + k * step; rtet_of(moved) }
    (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)
  })
  c(rtet_of(p), (sum(p * slope^2) - sum(p * slope)^2) / (a + b + c + d))
}
some <- c(1, 3, 4, 6, 8)
tables <- with(two, cbind(events1, total1 - events1, events2, total2 - events2))[some, ]
found <- apply(tables, 1, function(x) rtet(x[1], x[2], x[3], x[4]))
sets$two_full <- lapply(two, function(x) x[some])
cases <- c(cases, list(list(set = "two_full", measure = "RTET", options = setNames(list(), character(0)), y = found[1, ], v = found[2, ])))

# UCOR from the power series of the hypergeometric function.
hyper <- function(a, b, g, x) { k <- 0:20000; 1 + sum(cumprod((a + k) * (b + k) / ((g + k) * (k + 1)) * x)) }
ucor <- mapply(function(r, n) r * hyper(.5, .5, (n - 2) / 2, 1 - r^2), cors$r, cors$n)
ub <- mapply(function(y, r, n) y^2 - (1 - (n - 3) / (n - 2) * (1 - r^2) * hyper(1, 1, n / 2, 1 - r^2)), ucor, cors$r, cors$n)
use <- c(1, 2, 4)  # the series converges slowly at r = 0
sets$cors_full <- lapply(cors, function(x) x[use])
cases <- c(cases, list(
  list(set = "cors_full", measure = "UCOR", options = setNames(list(), character(0)), y = ucor[use], v = ((1 - ucor^2)^2 / (cors$n - 1))[use]),
  list(set = "cors_full", measure = "UCOR", options = list(vtype = "UB"), y = ucor[use], v = ub[use])))

back <- list(
  PFT = list(x = c(0.02, 0.5, 1.2, 1.55), n = 23.5, natural = transf.ipft(c(0.02, 0.5, 1.2, 1.55), 23.5)),
  PLO = list(x = c(-3, 0.4), natural = transf.ilogit(c(-3, 0.4))), PAS = list(x = c(-0.1, 0.4, 1.7), natural = transf.iarcsin(c(-0.1, 0.4, 1.7))),
  ZCOR = list(x = c(-0.7, 0.2), natural = transf.ztor(c(-0.7, 0.2))), RR = list(x = c(-0.7, 0.2), natural = exp(c(-0.7, 0.2))),
  IRS = list(x = c(-0.1, 0.3), natural = transf.isqrt(c(-0.1, 0.3))), IRFT = list(x = c(0.02, 0.3), n = 41.1, natural = transf.iirft(c(0.02, 0.3), 41.1)),
  AHW = list(x = c(0.2, 0.5), natural = transf.iahw(c(0.2, 0.5))), ABT = list(x = c(0.2, 1.9), natural = transf.iabt(c(0.2, 1.9))))

five <- list(minimum = 12, q1 = 18.5, median = 22, q3 = 27, maximum = 41, n = 57)
blom <- function(n) 2 * qnorm((n - 0.375) / (n + 0.25)); quarter <- function(n) 2 * qnorm((0.75 * n - 0.125) / (n + 0.25))
made <- with(five, {
  w <- 4 / (4 + n^.75); w1 <- 2.2 / (2.2 + n^.75); w2 <- 0.7 - 0.72 / n^.55; w3 <- 1 / (1 + 0.07 * n^.6); wq <- 0.7 + 0.39 / n
  list(five = five,
    range = c(w * (minimum + maximum) / 2 + (1 - w) * median, (maximum - minimum) / blom(n)),
    quartiles = c(wq * (q1 + q3) / 2 + (1 - wq) * median, (q3 - q1) / quarter(n)),
    five_numbers = c(w1 * (minimum + maximum) / 2 + w2 * (q1 + q3) / 2 + (1 - w1 - w2) * median,
                     w3 * (maximum - minimum) / blom(n) + (1 - w3) * (q3 - q1) / quarter(n)))
})
made$sd_from_interval_t <- sqrt(25) * (34.2 - 30) / (2 * qt(.975, 24))
made$sd_from_interval_normal_90 <- sqrt(25) * (34.2 - 30) / (2 * qnorm(.95))
made$se_from_p <- 3.8 / qt(1 - 0.008 / 2, 45)
made$se_from_interval_t <- 4.2 / (2 * qt(.975, 45))
# arms of 4, 6 and 5 participants, described one by one and together
arms <- list(c(1, 4, 6, 9), c(2, 2, 5, 7, 8, 3), c(10, 12, 9, 11, 15))
made$arms <- list(n = sapply(arms, length), mean = sapply(arms, base::mean), sd = sapply(arms, sd),
                  joint = c(length(unlist(arms)), base::mean(unlist(arms)), sd(unlist(arms))))
printed <- list(estimate = c(0.72, 1.31, 0.55), low = c(0.56, 0.90, NA), high = c(0.93, 1.91, NA), p = c(NA, NA, 0.03))
made$printed <- c(printed, list(y = log(printed$estimate),
  se = c(log(0.93 / 0.56) / (2 * qnorm(.975)), log(1.91 / 0.90) / (2 * qnorm(.975)), abs(log(0.55)) / qnorm(1 - 0.03 / 2))))

cat(toJSON(list(made_by = "tests/metaanalysis/data/escalc.R", R = R.version.string, metafor = as.character(packageVersion("metafor")),
                mvtnorm = as.character(packageVersion("mvtnorm")), sets = sets, cases = cases, back = back, conversions = made),
           auto_unbox = TRUE, digits = I(17), na = "null", null = "null"), "\n")
