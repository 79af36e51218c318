package io.millrace.config;

/** The OpenLineage receiver that is told of runs. */
@Doc(
    "A receiver of OpenLineage events that is told of runs, what they read and what they wrote;"
        + " absent: none. A key comes from the environment: OPENLINEAGE_API_KEY.")
public record OpenLineageSpec(
    @Doc("Where it answers, such as https://marquez.example.org; without user and password.")
        String url,
    @Doc("Path that takes events.") @Default("api/v1/lineage") String endpoint,
    @Doc("Namespace of the jobs.") @Default("millrace") String namespace) {}
