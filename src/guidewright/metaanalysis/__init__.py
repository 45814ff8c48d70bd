"""What it adds up to: effect sizes, pooling, heterogeneity."""
