package io.millrace.config;

/** Which rows get a prediction. */
@Doc("Which rows get a prediction.")
public record PopulationSpec(
    @Doc("The source whose rows are scored.") String source,
    @Doc("entity: every entity known at the date. event: each row whose time falls in the date.")
        @Default("entity")
        Per per) {

  /** The unit that is scored. */
  public enum Per {
    ENTITY,
    EVENT
  }
}
