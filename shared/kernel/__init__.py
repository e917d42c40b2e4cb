"""Pure values: ids, money, the clock, the working calendar, the catalogue of problems. No I/O."""
