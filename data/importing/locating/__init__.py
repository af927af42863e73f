"""Where a row lies: wards, points, and places told in words."""
