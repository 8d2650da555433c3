package dev.castalia.gateway.page;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/**
 * The files that the page consists of: each compressed once instead of for every reader, and asked
 * for again with a tag of its content, so that the page of a new version is never mixed with files
 * of the one before.
 */
@Singleton
public class PageFiles {

  private static final String FOLDER = "/page/";

  private record PageFile(String type, String tag, Buffer plain, Buffer zipped) {}

  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  void serve(@Observes Router router) {
    router.get(FOLDER + "*").handler(this::answer);
  }

  private void answer(RoutingContext context) {
    PageFile file = files.computeIfAbsent(context.normalizedPath(), PageFiles::read);
    if (file == null) {
      context.next();
      return;
    }
    HttpServerResponse response =
        context
            .response()
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
            .putHeader(HttpHeaders.VARY, "accept-encoding");
    context.etag(file.tag());
    if (context.isFresh()) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, file.type() + ";charset=utf-8");
    String accepted = context.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
    if (accepted == null || !accepted.contains("gzip")) {
      response.end(file.plain());
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    // Under HTTP/2, Vert.x itself compresses what is said to be.
    boolean isZipped = context.request().version() != HttpVersion.HTTP_2;
    response.end(isZipped ? file.zipped() : file.plain());
  }

  /** The file at this path; null if there is none. */
  private static PageFile read(String path) {
    String type = URLConnection.guessContentTypeFromName(path);
    try (InputStream in = PageFiles.class.getResourceAsStream("/META-INF/resources" + path)) {
      if (in == null || type == null) {
        return null;
      }
      byte[] plain = in.readAllBytes();
      ByteArrayOutputStream zipped = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
        out.write(plain);
      }
      CRC32C checksum = new CRC32C();
      checksum.update(plain);
      String tag = "W/\"%x-%x\"".formatted(plain.length, checksum.getValue());
      return new PageFile(type, tag, Buffer.buffer(plain), Buffer.buffer(zipped.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(path + " of the page cannot be read", e);
    }
  }
}
