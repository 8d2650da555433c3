package dev.castalia.gateway.failure;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

@Schema(name = "Failures", description = "A page of failures, in the order of keys.")
public record Failures(List<Failure> failures, int page, int pageSize, int total) {}
