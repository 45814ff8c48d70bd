# metafor's part of pooling.py, which writes the data into a directory: Rscript pooling.R DIRECTORY
# Waits for the name of a task, does a part of it, and answers with the CPU seconds (by proc.time()) of one unit.
suppressPackageStartupMessages(library(metafor))
directory <- commandArgs(trailingOnly = TRUE)[1]
table <- function(name) read.csv(file.path(directory, name))
seconds <- function(expression) {
  before <- proc.time()
  force(expression)
  sum((proc.time() - before)[1:2])
}

sets <- split(table("sets.csv"), table("sets.csv")$set)
one <- table("one.csv")
many <- table("many.csv")
regression <- rma(y, v, mods = ~x, data = one, method = "REML")
turn <- 0
failed <- function(condition) NULL

do <- list(
  # the next 20 of the sets; those on which metafor does not converge cost as much
  "sets" = function() {
    chosen <- sets[(turn * 20 + 0:19) %% length(sets) + 1]
    seconds(for (set in chosen) tryCatch(rma(set$y, set$v, method = "REML"), error = failed)) / 20
  },
  "one" = function() {
    seconds(for (i in 1:5) {
      result <- rma(one$y, one$v, method = "REML")
      confint(result)
      predict(result)
    }) / 5
  },
  "leave-one-out" = function() {
    left <- turn %% nrow(many) + 1
    seconds(rma(many$y[-left], many$v[-left], method = "REML"))
  },
  "permutations" = function() seconds(permutest(regression, exact = FALSE, iter = 20, progbar = FALSE)) / 20
)

cat(sprintf("%s, metafor %s\n", R.version.string, packageVersion("metafor")))
input <- file("stdin", "r")
while (length(task <- readLines(input, 1)) > 0) {
  cat(sprintf("%.17g\n", do[[task]]()))
  turn <- turn + (task == "sets")
}
