"""What production does: promises hours, makes pieces, and hands them over."""
