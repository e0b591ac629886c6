# 两段构建：编译用 Swift 镜像，运行只带用到的库。 Built with Swift, run with the libraries that are used.
#   docker build -t shangbao .
#   docker run --rm -v /srv/shangbao:/site shangbao status --site /site
FROM swift:6.3-bookworm AS build
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends \
        libcurl4-openssl-dev libgcrypt20-dev libcairo2-dev libisal-dev libpq-dev libsqlite3-dev libssh2-1-dev libssl-dev libxlsxwriter-dev libqrencode-dev libxml2-dev libzip-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# 依赖先解析一次，改动代码不必重来。 Dependencies once: a change of code does not fetch them again.
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product shangbao --static-swift-stdlib \
    && install -D "$(swift build -c release --show-bin-path)/shangbao" /out/shangbao \
    && strip /out/shangbao

FROM debian:bookworm-slim
# openssl 与 python3 供核验证据包。 openssl and python3 are there to verify evidence packs.
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends \
        fonts-noto-cjk libcairo2 libcurl4 libgcrypt20 libisal2 libpq5 libqrencode4 libsqlite3-0 libssh2-1 libssl3 libxlsxwriter4 libxml2 libzip4 openssl python3 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/shangbao shangbao \
    && install -d -o shangbao -g shangbao -m 0750 /site
COPY --from=build /out/shangbao /usr/local/bin/shangbao
COPY mappings /usr/share/shangbao/mappings
COPY samples /usr/share/shangbao/samples
USER shangbao
# 演示从这里找到 mappings/ 与 samples/。 The demo finds mappings/ and samples/ from here.
WORKDIR /usr/share/shangbao
VOLUME /site
ENTRYPOINT ["shangbao"]
CMD ["status", "--site", "/site"]
