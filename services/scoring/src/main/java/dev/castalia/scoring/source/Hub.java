package dev.castalia.scoring.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.CheckpointFiles;
import dev.castalia.scoring.tokens.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Logger;

/**
 * The Hugging Face hub, or a server that speaks as it does, and the cache of what came from it.
 * Thread-safe, and safe beside other processes with the same cache.
 */
public final class Hub {

  private static final Logger LOG = Logger.getLogger(Hub.class.getName());

  private final HubSettings settings;
  private final HubHttp http;
  private final HubRoom room;

  /** Whether nothing was fetched since a tokenizer could not be completed; trying takes minutes. */
  private volatile boolean inVain;

  public Hub(HubSettings settings) {
    this(settings, OptionalLong.empty());
  }

  /**
   * @param cacheBytes what the models in the cache may take: before more is fetched, those go that
   *     were used least recently and are not in use; empty if none are to go
   */
  public Hub(HubSettings settings, OptionalLong cacheBytes) {
    this.settings = settings;
    this.http = new HubHttp(settings);
    this.room = new HubRoom(settings.cache(), cacheBytes);
  }

  /**
   * A branch or tag.
   *
   * @param commit 40 digits; serves as a revision itself
   */
  public record Ref(String name, String commit) {}

  /**
   * The branches of a repository and then its tags, in the hub's order.
   *
   * @throws CheckpointException if there is no such repository, or the hub cannot be asked
   */
  public List<Ref> refs(String repository) {
    HubReference reference = new HubReference(repository, "main");
    requireOnline(reference);
    JsonNode answer = http.json(HubReference.SCHEME + repository, api(repository) + "/refs");
    List<Ref> refs = new ArrayList<>();
    for (String kind : List.of("branches", "tags")) {
      for (JsonNode ref : answer.path(kind)) {
        String commit = ref.path("targetCommit").asText();
        if (HubReference.isCommit(commit)) {
          refs.add(new Ref(ref.path("name").asText(), commit));
        }
      }
    }
    return refs;
  }

  /**
   * The folder of a checkpoint in the cache. Weights that are there are not asked for again, even
   * if the branch has moved since: name a commit to be sure which one it is. Of the tokenizer there
   * is what whoever brought them brought too; see {@link #fetchTokenizer}.
   *
   * @throws CheckpointException if there is no such checkpoint, or it cannot be fetched; passing
   *     where the network, the hub or the disk may do better later
   */
  public Path fetch(HubReference reference) {
    try (HeldFolder held = hold(reference)) {
      return held.path();
    }
  }

  /** The same, and it stays in the cache until it is closed. */
  HeldFolder hold(HubReference reference) {
    HubCache cache = new HubCache(settings.cache(), reference.repository());
    try {
      Optional<HeldFolder> cached = cached(reference, cache);
      return cached.isPresent() ? cached.get() : bring(reference, cache);
    } catch (IOException e) {
      throw unusable(reference, e);
    }
  }

  private static Optional<HeldFolder> cached(HubReference reference, HubCache cache)
      throws IOException {
    Optional<Path> snapshot = cache.snapshot(reference);
    if (snapshot.isEmpty()) {
      return Optional.empty();
    }
    // Held first: what is whole then stays so.
    HeldFolder held = cache.hold(snapshot.get().getFileName().toString());
    if (CheckpointFiles.areWhole(held.path())) {
      return Optional.of(held);
    }
    held.close();
    return Optional.empty();
  }

  private HeldFolder bring(HubReference reference, HubCache cache) throws IOException {
    requireOnline(reference);
    Listing listing = list(reference);
    HeldFolder held = cache.hold(listing.commit());
    try {
      bring(
          reference,
          listing,
          CheckpointFiles.needed(reference.toString(), listing.available()),
          cache);
      cache.point(reference, listing.commit());
      return held;
    } catch (Throwable e) {
      held.close();
      throw e;
    }
  }

  /**
   * The same, with the files of its tokenizer, of which whoever brought the weights may have left
   * some out. Without {@code tokenizer.json} there is none, while the others only say more: where
   * they cannot be fetched, the tokenizer is what is there, and no other is completed until
   * something was fetched again.
   *
   * @throws CheckpointException if there is no such checkpoint, or it or its {@code tokenizer.json}
   *     cannot be fetched; passing where the network, the hub or the disk may do better later
   */
  Path fetchTokenizer(HubReference reference) {
    try (HeldFolder held = hold(reference)) {
      completeTokenizer(reference.repository(), held.path());
      return held.path();
    }
  }

  private void completeTokenizer(String repository, Path snapshot) {
    HubReference commit = new HubReference(repository, snapshot.getFileName().toString());
    HubCache cache = new HubCache(settings.cache(), repository);
    boolean usable = cache.has(commit.revision(), TokenizerFiles.TOKENIZER);
    boolean known =
        TokenizerFiles.ALWAYS_WRITTEN.stream()
            .allMatch(name -> cache.knows(commit.revision(), name));
    if (known || settings.offline() || (usable && inVain)) {
      return;
    }
    try {
      complete(commit, cache);
    } catch (CheckpointException e) {
      if (!usable || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.warning(
          "%s: its tokenizer is taken without the files that could not be fetched: %s"
              .formatted(commit, e.getMessage()));
      if (e.passing()) {
        inVain = true;
      }
    }
  }

  private void complete(HubReference commit, HubCache cache) {
    try {
      Listing listing = list(commit);
      bring(commit, listing, TokenizerFiles.among(listing.available()), cache);
    } catch (IOException e) {
      throw unusable(commit, e);
    }
  }

  private CheckpointException unusable(HubReference reference, IOException why) {
    return CheckpointException.passing(
        "%s: the cache %s cannot be used (%s); check the disk, or set HF_HUB_CACHE"
            .formatted(reference, settings.cache(), why));
  }

  /**
   * What the hub has of a revision.
   *
   * @param available the names of its files
   */
  private record Listing(String commit, Set<String> available) {}

  private Listing list(HubReference reference) {
    JsonNode answer =
        http.json(
            reference.toString(),
            api(reference.repository()) + "/revision/" + reference.revision().replace("/", "%2F"));
    String commit = answer.path("sha").asText();
    if (!HubReference.isCommit(commit)) {
      throw new CheckpointException(
          "%s: the hub gives the commit '%s'; is HF_ENDPOINT a hub?".formatted(reference, commit));
    }
    Set<String> available = new TreeSet<>();
    answer.path("siblings").forEach(it -> available.add(it.path("rfilename").asText()));
    return new Listing(commit, available);
  }

  /** Fetches those of the files that the cache lacks, and notes which of a tokenizer's are none. */
  private void bring(HubReference reference, Listing listing, List<String> names, HubCache cache)
      throws IOException {
    String commit = listing.commit();
    for (String name : names) {
      if (cache.has(commit, name)) {
        continue;
      }
      String path = "/" + reference.repository() + "/resolve/" + commit + "/" + name;
      new HubDownload(
              http, cache, room, settings.patience(), reference + "/" + name, http.address(path))
          .fetch(commit, name);
      inVain = false;
    }
    TokenizerFiles.NAMES.stream()
        .filter(name -> !listing.available().contains(name))
        .forEach(name -> cache.noteAbsent(commit, name));
  }

  private void requireOnline(HubReference reference) {
    if (settings.offline()) {
      throw new CheckpointException(
          "%s: not in the cache %s, and HF_HUB_OFFLINE forbids to fetch it"
              .formatted(reference, settings.cache()));
    }
  }

  private static String api(String repository) {
    return "/api/models/" + repository;
  }
}
