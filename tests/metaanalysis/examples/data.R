# Rscript data.R > data.json
# The studies of the published examples, as metadat has them.
suppressMessages({library(metadat); library(jsonlite)})
columns <- function(d, names) as.list(d[names])
pre <- dat.collins1985b
beta <- dat.yusuf1985[dat.yusuf1985$table == "6", ]; beta <- beta[!is.na(beta$ai) & !is.na(beta$ci), ]
out <- list(
  made_by = "tests/metaanalysis/examples/data.R", metadat = as.character(packageVersion("metadat")),
  "dat.bcg" = columns(dat.bcg, c("tpos", "tneg", "cpos", "cneg", "ablat", "year", "alloc")),
  "dat.raudenbush1985" = columns(dat.raudenbush1985, c("yi", "vi", "weeks")),
  "dat.normand1999" = columns(dat.normand1999, c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")),
  "dat.hine1989" = columns(dat.hine1989, c("ai", "n1i", "ci", "n2i")),
  "dat.collins1985b" = setNames(columns(pre, c("pre.xti", "pre.nti", "pre.xci", "pre.nci")), c("ai", "n1i", "ci", "n2i")),
  "dat.yusuf1985, table 6" = columns(beta, c("ai", "n1i", "ci", "n2i")),
  "dat.nielweise2007" = columns(dat.nielweise2007, c("ai", "n1i", "ci", "n2i")),
  "dat.nielweise2008" = columns(dat.nielweise2008, c("x1i", "t1i", "x2i", "t2i")),
  "dat.konstantopoulos2011" = columns(dat.konstantopoulos2011, c("district", "school", "year", "yi", "vi")),
  "dat.berkey1998" = columns(dat.berkey1998, c("trial", "outcome", "year", "yi", "v1i", "v2i")),
  "dat.hackshaw1998" = columns(dat.hackshaw1998, c("yi", "vi")))
cat(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "\n")
