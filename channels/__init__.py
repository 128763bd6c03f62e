"""Notifications: how they are written from a kit's templates, and the channels that carry them."""
