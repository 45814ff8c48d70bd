"""Figures: data in, accessible SVG out. Colours come from the page, so a figure follows its theme."""
