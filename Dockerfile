# The image of all services of docker-compose.yml that run our code.
#
#   docker build --target cpu .    everything, on the CPU
#   docker build --target gpu .    also what Whisper needs to compute on an NVIDIA GPU

# "slim": Airflow without the providers nobody here uses; ours come from the lock file.
FROM apache/airflow:slim-3.3.2-python3.11 AS base

USER root
# MediaPipe links against EGL and GLES even where it computes on the CPU.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libegl1 libgles2 \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o airflow -g root -m 0775 /opt/mulakat /var/lib/mulakat/cache /var/lib/mulakat/media /var/lib/mulakat/scratch

USER airflow
WORKDIR /opt/mulakat
ENV AIRFLOW__CORE__DAGS_FOLDER=/opt/mulakat/dags \
    MULAKAT_CACHE=/var/lib/mulakat/cache

# What pyproject.toml asks for, in the versions and with the digests of the lock file:
# no server binaries, no development tools. Digests are verified by uv wherever one is known.
COPY --chown=airflow:root pyproject.toml requirements.lock ./
RUN uv pip install --no-cache --constraint requirements.lock --requirement pyproject.toml setuptools

COPY --chown=airflow:root . .
RUN uv pip install --no-cache --no-deps --no-build-isolation --editable . \
    && mulakat models verify


FROM base AS gpu
# CTranslate2 opens cuBLAS 12 when it finds a GPU; the driver is the host's.
RUN uv pip install --no-cache nvidia-cublas-cu12==12.9.1.4
ENV LD_LIBRARY_PATH=/home/airflow/.local/lib/python3.11/site-packages/nvidia/cublas/lib


FROM base AS cpu
