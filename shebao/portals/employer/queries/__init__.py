"""综合查询: what an employer can look up about itself, and take along as a workbook."""
