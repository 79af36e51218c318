package io.millrace;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Each class of tests has a Spark session of its own, whose queries are interpreted until the class
 * says otherwise.
 */
public final class OwnSession implements BeforeAllCallback, AfterAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    TestSpark.begin();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    TestSpark.end();
  }
}
