# One image for web, worker, beat and migrations; docker-compose.yml says which command each of them runs.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
# The locked packages first: they change seldom, so that a new version of tracker builds in seconds.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY workers workers
COPY tracker tracker
RUN pip install --no-deps --no-build-isolation -e . \
 && for language in de ru; do \
      pybabel -q compile -i tracker/translations/$language/LC_MESSAGES/messages.po \
                         -o tracker/translations/$language/LC_MESSAGES/messages.mo; \
    done \
 && python -m compileall -q tracker workers migrations

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/tracker tracker
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TRACKER_HOME=/var/lib/tracker
WORKDIR /app
USER tracker
VOLUME /var/lib/tracker
EXPOSE 8000
# Alone, without settings: everything in one process, its data in the volume.
CMD ["tracker", "serve", "--host", "0.0.0.0", "--port", "8000"]
