package dev.castalia.cli.mesh;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Tests on the mesh of {@link SharedMesh}, one class after the other. They leave its parts as they
 * found them, and name models, tasks, sweeps and sources so that they meet no others.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("slow")
@ExtendWith(SharedMesh.class)
@ResourceLock("shared mesh")
@interface OnSharedMesh {}
