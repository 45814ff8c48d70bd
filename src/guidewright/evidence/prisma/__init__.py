"""The flow of records, reports and studies through a review, after PRISMA 2020, computed from what really happened."""
