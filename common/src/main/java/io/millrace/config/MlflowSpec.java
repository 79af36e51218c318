package io.millrace.config;

import java.util.Optional;

/** The MLflow server that is told of models. */
@Doc(
    "An MLflow server that is told of models, their metrics and which is champion; absent: none."
        + " Credentials come from the environment: MLFLOW_TRACKING_TOKEN, or"
        + " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.")
public record MlflowSpec(
    @Doc("Where it answers, such as https://mlflow.example.org; without user and password.")
        String uri,
    @Doc("One experiment for all pipelines; absent: one for each, of its name.")
        Optional<String> experiment,
    @Doc(
            "Put before a pipeline's name where it names an experiment or a registered model, such"
                + " as dev-, so that two places can share a server.")
        Optional<String> prefix) {

  /** The experiment that holds the runs of a pipeline. */
  public String experimentOf(String pipeline) {
    return experiment.orElse(prefixed(pipeline));
  }

  /** The registered model that holds the versions of a pipeline. */
  public String modelOf(String pipeline) {
    return prefixed(pipeline);
  }

  private String prefixed(String pipeline) {
    return prefix.orElse("") + pipeline;
  }
}
