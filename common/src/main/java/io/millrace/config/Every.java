package io.millrace.config;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/** The length of a logical date: each logical date is the first day of its period. */
public enum Every {
  DAY,
  WEEK,
  MONTH;

  /** The logical date whose period holds the day; weeks start on Monday. */
  public LocalDate start(LocalDate day) {
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
    };
  }

  /** The logical date that follows, which is the first day after the period of this one. */
  public LocalDate next(LocalDate date) {
    LocalDate start = start(date);
    return switch (this) {
      case DAY -> start.plusDays(1);
      case WEEK -> start.plusWeeks(1);
      case MONTH -> start.plusMonths(1);
    };
  }
}
