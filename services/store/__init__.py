"""The only SQL of the product, one file per aggregate."""
