package dev.castalia.gateway.api;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonRulesTest {

  @Test
  void moreValuesThanTheMemoryHoldsAreRefusedBeforeTheyAreObjects() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    new JsonRules().customize(mapper);
    try (JsonParser parser = mapper.createParser("[" + "{},".repeat(3_000_000) + "{}]")) {
      parser.nextToken();

      assertThatExceptionOfType(StreamConstraintsException.class)
          .isThrownBy(parser::skipChildren)
          .withMessageContaining("2000000");
    }
  }
}
