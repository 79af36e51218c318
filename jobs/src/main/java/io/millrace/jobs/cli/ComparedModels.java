package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Two models of a pipeline to be compared.
 *
 * @param before version of the older one
 * @param after version of the newer one, on whose held-out rows both are judged
 * @param rows predictions to show that moved most
 * @param html file for a page of it
 */
public record ComparedModels(
    String pipeline, String before, String after, int rows, Optional<Path> html, Place place) {}
