"""Notifications: how letters are rendered from the templates of a kit, and the channels that deliver them."""
