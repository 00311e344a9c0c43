"""Portfolios from files: CSV, XLSX and Parquet read as rows, and rows taken in as facts."""
