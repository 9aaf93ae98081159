// Video, lanes and transcript on one clock. Text from recordings only by textContent.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const HEIGHT = 100;
const STEP_S = 2;
const players = new WeakMap();

// As `times.tick` writes it.
const tick = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

function element(name, attributes = {}, text) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function shape(parent, name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

// Index of the last entry that starts at or before t; -1 before the first.
function lastBefore(starts, t) {
  let low = 0, high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= t) low = middle + 1; else high = middle;
  }
  return low - 1;
}

// Stretches without gaps: [from index, to index].
function runs(values) {
  const found = [];
  values.forEach((value, i) => {
    if (value === null) return;
    const last = found[found.length - 1];
    if (last && last[1] === i - 1) last[1] = i;
    else found.push([i, i]);
  });
  return found;
}

class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.screen = root.querySelector(".screen");
    this.note = root.querySelector(".note");
    this.lanes = root.querySelector(".lanes");
    this.transcript = root.querySelector(".transcript");
    this.legend = root.querySelector(".legend");
    this.recordingId = null;
    this.seekId = null;
    this.frame = 0;
    this.position = 0;
    const show = () => this.show();
    this.video.onplay = () => this.follow();
    this.video.onpause = this.video.onseeked = this.video.ontimeupdate = show;
    this.video.onloadedmetadata = () => this.loaded();
    this.video.onerror = () => this.failed();
    this.lanes.onkeydown = (event) => this.key(event);
    this.lanes.onpointerdown = (event) => this.point(event);
    this.lanes.onpointermove = (event) => { if (event.buttons === 1) this.point(event); };
  }

  update(data, setTriggerValue) {
    this.data = data;
    this.renew = () => setTriggerValue("expired", true);
    this.end = Math.max(data.duration, 0.001);
    this.source(data.recording);
    const drawn = JSON.stringify([data.recording.id, data.lanes, data.sentences, data.labels]);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.drawTranscript();
      this.drawLanes();
      this.drawLegend();
    }
    if (data.seek && data.seek.id !== this.seekId) {
      this.seekId = data.seek.id;
      if (data.seek.t === null) this.markQuote(data.seek.quote ?? "");
      else {
        this.mark(data.seek.t, data.seek.end);
        this.seek(data.seek.t);
      }
    }
    this.show();
  }

  // --- the recording ---------------------------------------------------------

  source(recording) {
    if (recording.id !== this.recordingId) {
      this.recordingId = recording.id;
      this.position = 0;
      this.marked = this.quote = null;
      this.src = null;
    }
    this.root.querySelector(".player").classList.toggle("written", recording.written);
    this.screen.classList.toggle("sound", !recording.has_video);
    this.screen.classList.toggle("silent", recording.src === null || recording.src === this.broken);
    if (recording.src === null) {
      this.src = null;
      this.video.removeAttribute("src");
      this.tell(recording.note);
    } else if (recording.src !== this.src && recording.src !== this.broken) {
      // A renewed address of the same recording goes on where it was.
      this.src = recording.src;
      this.tell(null);
      this.video.src = recording.src;
      if (this.position > 0) this.turn(this.position);
    }
  }

  loaded() {
    this.renewed = false;
    const { has_video, codec } = this.data.recording;
    if (has_video && this.video.videoWidth === 0) {
      this.screen.classList.add("sound");
      this.tell(this.data.labels.no_picture.replace("{codec}", codec));
    }
  }

  async failed() {
    if (this.src === null) return;
    const src = this.src;
    const status = await fetch(this.video.src, { headers: { Range: "bytes=0-0" } }).then((r) => r.status, () => 0);
    if (src !== this.src) return;
    if (status === 403 && !this.renewed) {
      this.renewed = true;
      this.src = null;
      this.renew();
      return;
    }
    const { labels, recording } = this.data;
    const playable = status === 200 || status === 206;
    this.screen.classList.add("silent");
    this.broken = src;
    this.src = null;
    this.tell((playable ? labels.cannot_play : labels.cannot_load).replace("{codec}", recording.codec));
  }

  tell(text) {
    this.note.hidden = !text;
    this.note.textContent = text || "";
  }

  // --- time ------------------------------------------------------------------

  now() {
    if (this.src === null || this.video.readyState === 0) return this.position;
    return this.video.currentTime - this.data.recording.start_s;
  }

  // The file's own clock need not start at 0.
  turn(t) {
    this.video.currentTime = t + this.data.recording.start_s;
  }

  seek(t) {
    this.position = Math.min(Math.max(t, 0), this.end);
    if (this.src !== null) this.turn(this.position);
    this.show();
  }

  key(event) {
    const step = { ArrowLeft: -STEP_S, ArrowRight: STEP_S }[event.key];
    if (step) this.seek(this.now() + step);
    else if (event.key === " " && this.src !== null) this.video.paused ? this.video.play() : this.video.pause();
    else return;
    event.preventDefault();
  }

  point(event) {
    const plot = event.target.closest(".plot");
    if (!plot) return;
    const box = plot.getBoundingClientRect();
    this.seek(((event.clientX - box.left) / box.width) * this.end);
  }

  follow() {
    cancelAnimationFrame(this.frame);
    const tick = () => {
      this.show();
      if (!this.video.paused && !this.video.ended) this.frame = requestAnimationFrame(tick);
    };
    tick();
  }

  show() {
    const t = this.now();
    this.position = t;
    const x = (t / this.end) * WIDTH;
    for (const { cursor, lane, value } of this.rows) {
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
      const text = this.reading(lane, t);
      if (value.textContent !== text) value.textContent = text;
    }
    this.lanes.setAttribute("aria-valuenow", t.toFixed(1));
    this.lanes.setAttribute("aria-valuetext", tick(t));
    const k = lastBefore(this.starts, t);
    const word = k >= 0 && t < this.words[k].e ? k : -1;
    if (word === this.word) return;
    this.spans[this.word]?.classList.remove("now");
    this.word = word;
    if (word < 0) return;
    const span = this.spans[word];
    span.classList.add("now");
    this.reveal(span);
  }

  // Scroll the transcript only, never the page.
  reveal(span) {
    const box = this.transcript.getBoundingClientRect(), at = span.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom) {
      this.transcript.scrollTop += at.top - box.top - box.height / 3;
    }
  }

  reading(lane, t) {
    const { labels } = this.data;
    if (lane.reason) return "";
    if (lane.kind !== "line") {
      const [, end, amount] = lane.spans.findLast(([start]) => start <= t) ?? [0, -1, 0];
      if (lane.kind === "state") return t >= end ? labels.not_measured : amount ? lane.yes : lane.no;
      return t < end && lane.key === "words" ? this.percent(amount) : "";
    }
    const value = lane.values[Math.max(0, lastBefore(lane.t_s, t))];
    if (value === null) return lane.hatch ? labels.not_measured : "–";
    const digits = { minimumFractionDigits: lane.digits, maximumFractionDigits: lane.digits };
    return lane.unit.replace("{value}", value.toLocaleString(labels.language, digits));
  }

  percent(ratio) {
    return ratio.toLocaleString(this.data.labels.language, { style: "percent" });
  }

  // --- drawing ---------------------------------------------------------------

  drawTranscript() {
    const { sentences, labels } = this.data;
    this.words = sentences.flatMap((sentence) => sentence.words);
    this.starts = this.words.filter((word) => word.s !== null).map((word) => word.s);
    this.spans = [];
    this.word = -1;
    this.transcript.replaceChildren();
    this.transcript.setAttribute("aria-label", labels.transcript);
    if (this.data.transcript_note) {
      this.transcript.append(element("p", { class: "missing" }, this.data.transcript_note));
    }
    for (const sentence of sentences) {
      const spoken = sentence.s !== null;
      const line = element("p", spoken ? { tabindex: 0, role: "button" } : {});
      if (spoken) {
        const time = element("time", {}, sentence.at);
        time.onclick = () => this.seek(sentence.s);
        line.onkeydown = (event) => {
          if (event.key === "Enter") this.seek(sentence.s);
        };
        line.append(time);
      }
      for (const word of sentence.words) {
        const unsure = spoken && word.p < 0.5;
        const span = element("span", { class: unsure ? "word unsure" : "word" }, word.w);
        if (unsure) span.title = labels.unsure.replace("{percent}", this.percent(word.p));
        if (spoken) span.onclick = () => this.seek(word.s);
        this.spans.push(span);
        line.append(word.space ? " " : "", span);
      }
      this.transcript.append(line);
    }
    if (this.quote) this.markQuote(this.quote);
  }

  drawLanes() {
    const { lanes, labels } = this.data;
    this.lanes.replaceChildren();
    this.lanes.setAttribute("aria-label", labels.lanes);
    this.lanes.setAttribute("aria-valuemax", this.end.toFixed(1));
    this.rows = lanes.map((lane) => {
      const row = element("div", { class: "lane", "data-lane": lane.key });
      const plot = element("div", { class: lane.reason || lane.hatch ? "plot hatch" : "plot", title: lane.scale });
      const svg = shape(plot, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" });
      if (lane.reason) {
        const reason = element("div", { class: "reason" });
        reason.append(element("span", { title: lane.reason }, `${labels.not_measured}: ${lane.reason}`));
        plot.append(reason);
      } else if (lane.kind === "line") this.drawLine(svg, lane);
      else this.drawSpans(svg, lane);
      const mark = shape(svg, "rect", { class: "mark", y: 0, height: HEIGHT, width: 0 });
      const cursor = shape(svg, "line", { class: "cursor", y1: 0, y2: HEIGHT });
      const value = element("span", { class: "value" });
      row.append(element("span", { class: "label" }, lane.label), plot, value);
      this.lanes.append(row);
      return { lane, cursor, value, mark };
    });
    this.lanes.append(this.axis());
    if (this.marked) this.mark(...this.marked);
  }

  x(t) {
    return (t / this.end) * WIDTH;
  }

  // Where a sample's stretch ends: at the next sample.
  until(lane, i) {
    const step = lane.t_s.length > 1 ? lane.t_s[1] - lane.t_s[0] : this.end;
    return Math.min(lane.t_s[i + 1] ?? lane.t_s[i] + step, lane.t_s[i] + 2 * step, this.end);
  }

  // Words are as dark as the recognizer was sure; a state is high for yes, low for no.
  drawSpans(svg, lane) {
    for (const [start, end, amount] of lane.spans) {
      const x = this.x(start), width = Math.max(this.x(Math.min(end, this.end)) - x, 0.8);
      if (lane.kind === "state") {
        shape(svg, "rect", { class: "ground", x, width, y: 0, height: HEIGHT });
        shape(svg, "rect", { class: amount ? "yes" : "no", x, width, y: amount ? 25 : 60, height: amount ? 50 : 15 });
      } else {
        const rect = shape(svg, "rect", { class: "token", x, width: Math.max(width - 0.8, 0.8), y: 22, height: 56 });
        rect.style.opacity = 0.25 + 0.7 * amount;
      }
    }
  }

  drawLine(svg, lane) {
    const height = (v) => HEIGHT - 8 - ((Math.min(Math.max(v, lane.low), lane.high) - lane.low) / (lane.high - lane.low || 1)) * (HEIGHT - 16);
    if (lane.hatch) {
      for (const [from, to] of runs(lane.values)) {
        const x = this.x(lane.t_s[from]);
        shape(svg, "rect", { class: "ground", x, width: this.x(this.until(lane, to)) - x, y: 0, height: HEIGHT });
      }
    }
    if (lane.low < 0 && lane.high > 0) {
      shape(svg, "line", { class: "zero", x1: 0, x2: WIDTH, y1: height(0), y2: height(0) });
    }
    const path = runs(lane.values).map(([from, to]) => {
      const points = [];
      for (let i = from; i <= to; i++) points.push(`${this.x(lane.t_s[i]).toFixed(2)},${height(lane.values[i]).toFixed(1)}`);
      // A single sample is drawn as a dot.
      if (from === to) points.push(points[0]);
      return `M${points.join("L")}`;
    });
    shape(svg, "path", { class: "curve", d: path.join("") });
  }

  axis() {
    const row = element("div", { class: "axis" }), ticks = element("div", { class: "ticks" });
    for (const [t, label] of this.data.ticks) {
      const mark = element("span", {}, label);
      mark.style.left = `${(t / this.end) * 100}%`;
      ticks.append(mark);
    }
    row.append(element("span"), ticks);
    return row;
  }

  drawLegend() {
    const { labels, lanes } = this.data;
    const measured = (kind) => lanes.some((lane) => lane.kind === kind && !lane.reason);
    const entries = [
      ...(measured("state") ? [["yes", labels.yes], ["no", labels.no]] : []),
      ["gap", labels.not_measured],
      ["cited", labels.cited],
    ];
    this.legend.replaceChildren(...entries.map(([kind, text]) => {
      const entry = element("span");
      entry.append(element("i", { class: kind }), text);
      return entry;
    }));
  }

  mark(from, to) {
    this.marked = [from, to];
    for (const { mark } of this.rows) {
      mark.setAttribute("x", this.x(from));
      mark.setAttribute("width", Math.max(this.x(to) - this.x(from), 2));
    }
    this.words.forEach((word, k) => this.spans[k].classList.toggle("cited", word.e > from && word.s < to));
  }

  // Spaces do not count: a quote's are not always those of the text.
  markQuote(quote) {
    this.quote = quote;
    const bare = (text) => text.replace(/\s/g, "");
    const words = this.words.map((word) => bare(word.w));
    const wanted = bare(quote), from = words.join("").indexOf(wanted);
    let at = 0;
    words.forEach((word, k) => {
      const cited = from >= 0 && at + word.length > from && at < from + wanted.length;
      this.spans[k].classList.toggle("cited", cited);
      at += word.length;
    });
    const first = this.spans.find((span) => span.classList.contains("cited"));
    if (first) this.reveal(first);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let player = players.get(parentElement);
  if (!player || !parentElement.contains(player.video)) {
    player = new Player(parentElement);
    players.set(parentElement, player);
  }
  player.update(data, setTriggerValue);
  return () => {
    cancelAnimationFrame(player.frame);
    player.video.pause();
  };
}
