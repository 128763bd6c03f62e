"""The pages of mentors: their load by week, and one of them."""
