package dev.castalia.scoring.source;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.source.HubHttp.Again;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Brings one file into the cache: goes on where an earlier attempt, of whatever process, ended, and
 * takes it only if it has the length and the hash that the hub promised.
 */
final class HubDownload {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");
  private static final int CHUNK = 1 << 16;

  private final HubHttp http;
  private final HubCache cache;
  private final HubRoom room;
  private final Duration patience;
  private final String what;
  private final URI address;

  HubDownload(
      HubHttp http, HubCache cache, HubRoom room, Duration patience, String what, URI address) {
    this.http = http;
    this.cache = cache;
    this.room = room;
    this.patience = patience;
    this.what = what;
    this.address = address;
  }

  /**
   * What the hub says of a file.
   *
   * @param hash SHA-256 of a large file, git's SHA-1 of another
   */
  record Promise(String hash, long size) {}

  /** Brings the file among the blobs, if it is not there, and under its name into a snapshot. */
  void fetch(String commit, String name) throws IOException {
    Promise promise = http.persist(what, this::promise);
    // Not with the blob locked: making room locks others.
    try (HubRoom.Reserved _ =
        Files.exists(cache.blob(promise.hash))
            ? null
            : room.reserve(cache.incomplete(promise.hash), promise.size)) {
      cache.exclusively(
          promise.hash,
          () -> {
            if (!Files.exists(cache.blob(promise.hash))) {
              requireSpace(promise);
              http.persist(what, () -> attempt(promise));
            }
            // Linked before anybody else can take it for one that no snapshot needs.
            cache.link(commit, name, promise.hash);
          });
    }
  }

  private Promise promise() throws Again, IOException {
    HttpResponse<InputStream> response = http.head(what, address);
    String etag = header(response, "X-Linked-Etag", "ETag").replaceAll("^W/|\"", "");
    String size = header(response, "X-Linked-Size", "Content-Length");
    if (!HASH.matcher(etag).matches() || !size.matches("\\d{1,18}")) {
      throw new CheckpointException(
          "%s: the hub gives it the hash '%s' and the size '%s'; is HF_ENDPOINT a hub?"
              .formatted(what, etag, size));
    }
    return new Promise(etag, Long.parseLong(size));
  }

  private static String header(HttpResponse<?> response, String name, String otherwise) {
    return response
        .headers()
        .firstValue(name)
        .or(() -> response.headers().firstValue(otherwise))
        .orElse("");
  }

  private void requireSpace(Promise promise) throws IOException {
    Path incomplete = cache.incomplete(promise.hash);
    long needed = promise.size - (Files.exists(incomplete) ? Files.size(incomplete) : 0);
    long free = Files.getFileStore(incomplete.getParent()).getUsableSpace();
    if (needed > free) {
      throw CheckpointException.passing(
          "%s: needs %d bytes, but %s has %d left; make room, or set HF_HUB_CACHE"
              .formatted(what, needed, incomplete.getParent(), free));
    }
  }

  private Promise attempt(Promise promise) throws Again, IOException {
    Path incomplete = cache.incomplete(promise.hash);
    long before = Files.exists(incomplete) ? Files.size(incomplete) : 0;
    if (before > promise.size) {
      Files.delete(incomplete);
      before = 0;
    }
    if (before < promise.size || promise.size == 0) {
      receive(promise, incomplete, before);
    }
    String hash = hash(promise, incomplete);
    if (!hash.equals(promise.hash)) {
      Files.delete(incomplete);
      throw new Again("its hash is " + hash + " and not " + promise.hash, Optional.empty(), false);
    }
    Files.move(incomplete, cache.blob(promise.hash), StandardCopyOption.ATOMIC_MOVE);
    return promise;
  }

  private void receive(Promise promise, Path incomplete, long before) throws Again, IOException {
    HttpResponse<InputStream> response = http.send(what, "GET", address, before);
    if (response.statusCode() == 416) {
      response.body().close();
      Files.deleteIfExists(incomplete);
      throw new Again("status 416 from byte " + before, Optional.empty(), false);
    }
    boolean resumed = response.statusCode() == 206;
    if (resumed) {
      requireRange(response, before, promise.size);
    }
    long start = resumed ? before : 0;
    long end;
    try (InputStream body = response.body();
        OutputStream out =
            Files.newOutputStream(
                incomplete,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                resumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
      end = start + copy(body, out, promise.size - start);
    }
    if (end > promise.size) {
      Files.delete(incomplete);
      throw new Again(
          "it goes on after the %d bytes it should have".formatted(promise.size),
          Optional.empty(),
          false);
    }
    if (end < promise.size) {
      throw new Again(
          "it ended after %d of %d bytes".formatted(end, promise.size),
          Optional.empty(),
          end > before);
    }
  }

  private static void requireRange(HttpResponse<InputStream> response, long from, long size)
      throws Again, IOException {
    String range = response.headers().firstValue("Content-Range").orElse("");
    var matcher = RANGE.matcher(range);
    if (!matcher.matches()
        || Long.parseLong(matcher.group(1)) != from
        || !matcher.group(2).equals("*") && Long.parseLong(matcher.group(2)) != size) {
      response.body().close();
      throw new Again(
          "asked for bytes from %d, it sends '%s'".formatted(from, range), Optional.empty(), false);
    }
  }

  /**
   * Copies until the end, one byte past {@code most}, or silence for longer than the patience.
   *
   * @return bytes read
   */
  private long copy(InputStream body, OutputStream out, long most) throws IOException {
    AtomicLong copied = new AtomicLong();
    try (Watch _ = new Watch(body, copied, patience)) {
      byte[] chunk = new byte[CHUNK];
      int read;
      while (copied.get() <= most && (read = body.read(chunk)) >= 0) {
        out.write(chunk, 0, (int) Math.min(read, most - copied.get()));
        copied.addAndGet(read);
      }
    } catch (IOException e) {
      if (copied.get() == 0) {
        throw e;
      }
      // What came is kept; the caller sees that it is too short.
    }
    return copied.get();
  }

  /** Closes a body that brings nothing any more: reading it would never return. */
  private static final class Watch implements AutoCloseable {

    private final ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private long seen = -1;

    Watch(InputStream body, AtomicLong copied, Duration patience) {
      timer.scheduleAtFixedRate(
          () -> {
            long now = copied.get();
            if (now == seen) {
              close(body);
            }
            seen = now;
          },
          0,
          patience.toMillis(),
          TimeUnit.MILLISECONDS);
    }

    private static void close(InputStream body) {
      try {
        body.close();
      } catch (IOException e) {
        throw new IllegalStateException("closing a response's body does not fail", e);
      }
    }

    @Override
    public void close() {
      timer.shutdownNow();
    }
  }

  private static String hash(Promise promise, Path file) throws IOException {
    boolean large = promise.hash.length() == 64;
    MessageDigest digest = digest(large ? "SHA-256" : "SHA-1");
    if (!large) {
      digest.update(("blob " + promise.size + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK];
      int read;
      while ((read = in.read(chunk)) >= 0) {
        digest.update(chunk, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
