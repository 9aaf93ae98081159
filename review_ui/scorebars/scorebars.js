// Bars from 0 to 100: a dot for the value, a band for its interval, hatching where there is no score.

function element(className, text) {
  const made = document.createElement("div");
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function line(bar) {
  const scored = bar.value !== null;
  const made = element(scored ? "line" : "line none");
  made.setAttribute("role", "listitem");
  const label = element("label", bar.label), hint = document.createElement("span"), track = element("track");
  hint.className = "hint";
  hint.textContent = bar.hint;
  label.append(hint);
  if (scored) {
    if (bar.low !== null && bar.high !== null) {
      const range = element("range");
      range.style.left = `${bar.low}%`;
      range.style.width = `${bar.high - bar.low}%`;
      track.append(range);
    }
    const dot = element("dot");
    dot.style.left = `${bar.value}%`;
    track.append(dot);
  }
  made.append(label, element("text", bar.text), track);
  return made;
}

export default function ({ data, parentElement }) {
  parentElement.querySelector(".bars").replaceChildren(...data.bars.map(line));
}
