# One image for all processes: `api` (the default), `worker`, `migrate` and every other command but
# `up`, whose servers it does not hold. What to set and how to try it: docs/operations.md.

# Python 3.11.16 for all processors, as of September 2026. Each release names a newer one.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

FROM ${PYTHON_IMAGE} AS build
WORKDIR /build
COPY requirements.txt requirements-build.txt ./
# What builds us stays in an environment of its own, so that nothing of it is in the image.
RUN python3 -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r requirements-build.txt \
    && python3 -m venv --without-pip /opt/switchboard \
    && /opt/build/bin/pip --python /opt/switchboard/bin/python install --no-cache-dir \
        --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
RUN /opt/build/bin/pip wheel --no-cache-dir --disable-pip-version-check --no-deps \
        --no-build-isolation --wheel-dir /wheel . \
    && /opt/build/bin/pip --python /opt/switchboard/bin/python install --no-cache-dir \
        --disable-pip-version-check --no-deps /wheel/*.whl

FROM ${PYTHON_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Switchboard" \
    org.opencontainers.image.description="An open SMS conversation engine for contact centres" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# Nothing is installed into a running container, so nothing that installs is in it.
RUN if python3 -c "import pip" 2> /dev/null; then \
        python3 -m pip uninstall --yes --quiet --disable-pip-version-check \
            --root-user-action ignore pip setuptools wheel; \
    fi \
    && echo "switchboard:x:10001:10001::/nonexistent:/usr/sbin/nologin" >> /etc/passwd \
    && echo "switchboard:x:10001:" >> /etc/group \
    && install --directory --owner 10001 --group 10001 /var/lib/switchboard/files
COPY --from=build /opt/switchboard /opt/switchboard
ENV PATH=/opt/switchboard/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SWITCHBOARD_API_HOST=0.0.0.0 \
    SWITCHBOARD_WORKER_HEALTH_HOST=0.0.0.0 \
    SWITCHBOARD_MEDIA_FOLDER=/var/lib/switchboard/files
WORKDIR /var/lib/switchboard
# A number, because Kubernetes cannot tell whether a name is root.
USER 10001:10001
EXPOSE 8000
# Whether the process lives. Not whether Temporal does: texts are taken without it.
# For a worker: CMD ["python", "-m", "runtime.health", "worker"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["python", "-m", "runtime.health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["switchboard"]
CMD ["api"]
