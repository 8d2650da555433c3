package dev.castalia.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a browser is told of the page's files. */
@QuarkusTest
class PageOverHttpTest {

  private static final String FILE = "page/main.js";

  @TestHTTPResource("/")
  URI root;

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aFileComesCompressedOnceAndIsToBeAskedForAgain(HttpClient.Version version) throws Exception {
    HttpResponse<byte[]> answer = get(version, FILE, "Accept-Encoding", "gzip, br");

    assertThat(answer.version()).isEqualTo(version);
    assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(answer.headers().firstValue("Content-Type")).get().asString().contains("javascript");
    assertThat(unzipped(answer.body())).isEqualTo(source());
  }

  @Test
  void aFileThatABrowserHasIsNotSentAgain() throws Exception {
    String tag = get(FILE, "Accept-Encoding", "gzip").headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> same = get(FILE, "Accept-Encoding", "gzip", "If-None-Match", tag);
    HttpResponse<byte[]> other = get(FILE, "Accept-Encoding", "gzip", "If-None-Match", "\"old\"");

    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @Test
  void aFileComesAsItIsToWhoeverTakesNoCompression() throws Exception {
    assertThat(get(FILE).body()).asString(StandardCharsets.UTF_8).isEqualTo(source());
  }

  @Test
  void theDocumentThatNamesTheFilesIsNotKept() throws Exception {
    HttpResponse<byte[]> answer = get("leaderboard");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).isEmpty();
    assertThat(answer.headers().firstValue("Last-Modified")).isEmpty();
  }

  @Test
  void aViewsAddressTellsThatItIsThereWithoutSendingIt() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(root.resolve("leaderboard")).HEAD().build();

    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return get(HttpClient.Version.HTTP_1_1, path, headers);
  }

  private HttpResponse<byte[]> get(HttpClient.Version version, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path)).version(version);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String source() throws IOException {
    try (var in = PageOverHttpTest.class.getResourceAsStream("/META-INF/resources/" + FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String unzipped(byte[] body) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
