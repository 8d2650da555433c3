package dev.castalia.scoring.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  @Test
  void rendersAreJinja2s() throws IOException {
    JsonNode golden =
        JSON.readTree(TemplateTest.class.getResource("/golden/template-renders.json"));
    Map<String, Object> document =
        JSON.convertValue(golden.path("document"), new TypeReference<>() {});
    assertThat(golden.path("renders")).isNotEmpty();
    for (JsonNode render : golden.path("renders")) {
      String template = render.path("template").asText();
      assertThat(new Template("golden", template).render(document))
          .as(template)
          .isEqualTo(render.path("rendered").asText());
    }
  }

  @Test
  void digitsArePythonsWhateverTheMachinesLanguage() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    try {
      assertThat(
              new Template("t", "{{[x, 12, range(1, 3), '%d %.1f' % (7, 0.5), day]}}")
                  .render(Map.of("x", 1.5e-7, "day", LocalDateTime.of(2012, 5, 1, 10, 20))))
          .isEqualTo("[1.5e-07, 12, range(1, 3), '7 0.5', datetime.datetime(2012, 5, 1, 10, 20)]");
    } finally {
      Locale.setDefault(before);
    }
  }

  /** The harness's own templates, each of another make, over documents of arbitrary values. */
  @Test
  void theHarnesssTemplatesRenderAsJinja2RendersThem() throws IOException {
    JsonNode golden =
        JSON.readTree(TemplateTest.class.getResource("/golden/harness-templates.json"));
    assertThat(golden).hasSizeGreaterThan(60);
    for (JsonNode render : golden) {
      String template = render.path("template").asText();
      Map<String, Object> document =
          JSON.convertValue(render.path("document"), new TypeReference<>() {});
      assertThat(new Template("golden", template).render(document))
          .as(template)
          .isEqualTo(render.path("rendered").asText());
    }
  }

  /** What jinja2 fails on fails here too. */
  @Test
  void templatesOfEveryMakeRenderAsJinja2RendersThem() throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode golden = json.readTree(TemplateTest.class.getResource("/golden/jinja.json"));
    assertThat(golden.path("renders")).hasSizeGreaterThan(250);
    SoftAssertions all = new SoftAssertions();
    for (JsonNode render : golden.path("renders")) {
      String template = render.path("template").asText();
      Map<String, Object> document =
          json.convertValue(
              golden.path("documents").path(render.path("document").asText()),
              new TypeReference<>() {});
      String expected = render.path("rendered").isNull() ? null : render.path("rendered").asText();
      all.assertThat(renderedOrNull(template, document)).as(template).isEqualTo(expected);
    }
    all.assertAll();
  }

  private static String renderedOrNull(String template, Map<String, Object> document) {
    try {
      return new Template("golden", template).render(document);
    } catch (TaskException e) {
      return null;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro m(x) %}{{ x }}{% endmacro %}",
        "{% include 'x' %}",
        "{% do text %}",
        "{{ text|tojson }}",
        "{{ text|safe }}",
        "{{ text.translate({}) }}",
        "{{ joiner(', ') }}",
        "{% for x in text recursive %}{% endfor %}"
      })
  void whatJinja2CanAndCastaliaCannotIsNamed(String template) {
    assertThatThrownBy(
            () -> new Template("task.yaml: doc_to_text", template).render(Map.of("text", "a")))
        .isInstanceOf(TaskException.class)
        .hasMessageStartingWith("task.yaml: doc_to_text: the template " + template)
        .hasMessageContaining("is not supported in Castalia's templates");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{missing}}",
        "{{a.missing}}",
        "{{a['missing']}}",
        "{{text[99]}}",
        "{{text|nosuchfilter}}",
        "{{text.nosuchmethod()}}",
        "{{missing.split(' ')}}",
        "{{missing ~ 'x'}}",
        "{% if missing %}a{% endif %}",
        "{% for x in missing %}a{% endfor %}",
        "{{text",
        "{{text.split(}}"
      })
  void whatIsUndefinedOrWrongIsAnErrorThatNamesFileKeyAndTemplate(String template) {
    Map<String, Object> document = Map.of("text", "b", "a", Map.of("c", 1L));

    assertThatThrownBy(() -> new Template("task.yaml: doc_to_text", template).render(document))
        .isInstanceOf(TaskException.class)
        .hasMessageStartingWith("task.yaml: doc_to_text: the template " + template)
        .hasMessageContaining("text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in r %}{% for b in r %}{{ text }}{% endfor %}{% endfor %}",
        "{% for a in range(100000) %}{% for b in range(100000) if false %}{% endfor %}{% endfor %}",
        "{{ range(1000000000) }}",
        "{{ text * 1000000000 }}",
        "{{ (text * 100)|replace('b', 'b' * 1000000)|length }}",
        "{{ ([text * 1000] * 1000)|join }}",
        "{{ ','.join([text * 1000] * 1000) }}",
        "{{ ('\n' * 10000)|indent('b' * 1000, blank=true) }}",
        "{{ ('%s' * 1000) % ((text * 1000,) * 1000) }}",
        "{% set n = namespace(x=3) %}{% for i in r %}{% set n.x = n.x * n.x %}{% endfor %}",
        "{{ r|map('string')|map('replace', '1', text * 10000)|list }}",
        "{{ range(100000)|select('in', range(100000)|list)|list }}",
        "{% set n = namespace(x=text) %}{% for i in r[:50] %}{% set n.x = [n.x, n.x] %}{% endfor %}"
            + "{{ n.x }}",
        "{{ text|regex_replace('(?:(?:(?:){1000}){1000}){1000}', '') }}",
        "{{ text.getClass().forName('java.lang.Runtime') }}",
        "{{ text.class.classLoader }}",
        "{{ text.__class__.__mro__ }}"
      })
  void aTemplateCannotLeaveItsTextNorGoOnForEver(String template) {
    Map<String, Object> document =
        Map.of("text", "b".repeat(10), "r", Collections.nCopies(900, 1L));

    assertThatThrownBy(() -> new Template("t", template).render(document))
        .isInstanceOf(TaskException.class);
  }

  @Test
  void aTextThatDoublesIsCutOff() {
    String doubling = "{% set x = text %}" + "{% set x = x ~ x %}".repeat(40) + "{{ x }}";

    assertThatThrownBy(() -> new Template("t", doubling).render(Map.of("text", "b")))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("4000000 characters");
  }

  @Test
  void aPatternThatTriesTooManyWaysIsAnErrorThatSaysSo() {
    // What is repeated so often makes each character dear, and the test short.
    Template template = new Template("t", "{{ text|regex_replace('(x+x+)+y\\\\1{1000}', '') }}");

    assertThatThrownBy(() -> template.render(Map.of("text", "x".repeat(60))))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("it takes too long");
  }

  @Test
  void aTemplateNestedWithoutEndIsAnError() {
    String deep = "{{ " + "(".repeat(100_000) + "text" + ")".repeat(100_000) + " }}";

    assertThatThrownBy(() -> new Template("t", deep))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void aDocumentsTextIsNeverATemplate() {
    assertThat(new Template("t", "{{text}}").render(Map.of("text", "{{ 1 + 1 }} {% raw %}")))
        .isEqualTo("{{ 1 + 1 }} {% raw %}");
  }

  @Test
  void literalsAreReadAsPythonReadsThem() {
    assertThat(
            PythonLiteral.parse(
                "[ 'it\\'s', \"b\" 'c', 3, -1.5, True, None, ('x',), {'k': [1]}, '\\u00e9\\n' , ]"))
        .isEqualTo(
            Arrays.asList(
                "it's", "bc", 3L, -1.5, true, null, List.of("x"), Map.of("k", List.of(1L)), "é\n"));
  }

  @Test
  void aLiteralNestedDeeperThanPythonReadsIsRefused() {
    assertThatThrownBy(() -> PythonLiteral.parse("[".repeat(100_000) + "]".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 200 brackets");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1", "[1] 2", "a", "'a", "__import__('os')", "[1 2]"})
  void whatIsNoLiteralIsRefused(String text) {
    assertThatThrownBy(() -> PythonLiteral.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a Python literal");
  }
}
