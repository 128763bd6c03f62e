"""The pages of groups: when they meet, and one of them with its roster and its forms."""
