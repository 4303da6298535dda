"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const say = data.say;
  const $ = (id) => document.getElementById(id);
  const map = $("map"), space = $("space"), canvas = $("canvas"), tip = $("tip"), detail = $("detail");
  const pen = canvas.getContext("2d");
  const STATES = "kscftn";
  const NAMES = ["killed", "survived", "crash", "fixture", "timeout", "not-reached"];
  const ROW = 18, WIDEST = 340;

  // `12k` is twelve cells that are killed; a dot is a pair that was not tried.
  const unpack = (text) => text.replace(/(\d+)(.)/g, (_, count, letter) => letter.repeat(+count));
  const tests = data.tests.map((test) => ({ ...test, cells: unpack(test.cells), told: new Map(test.told) }));
  const any = data.mutants.map((_, column) => {
    const seen = new Set(tests.map((test) => test.cells[column]));
    return [..."ksftcn"].find((letter) => seen.has(letter)) || ".";
  });
  const everything = { name: say.any, cells: any.join(""), told: new Map(), summary: true };

  let mode = "groups";
  let widths = { groups: 26, mutants: 8 };
  let rows = [], columns = [], colors = {}, labels = 0, head = 0, cursor = null;

  const share = (row, group) => {
    let killed = 0, reached = 0;
    for (const column of group.columns) {
      const letter = row.cells[column];
      if (letter === "k") killed++;
      if (letter !== "." && letter !== "n") reached++;
    }
    return { killed, reached };
  };

  function choose() {
    const wanted = $("find").value.trim().toLowerCase();
    const open = $("only-survivors").checked;
    const kept = (column) => !open || any[column] !== "k" && any[column] !== "n" && any[column] !== ".";
    rows = [everything, ...tests.filter((test) => !wanted || test.name.toLowerCase().includes(wanted))];
    const groups = data.groups.map((group) => {
      const columns = [];
      for (let column = group.from; column < group.to; column++) if (kept(column)) columns.push(column);
      return { ...group, columns };
    }).filter((group) => group.columns.length);
    columns = mode === "groups" ? groups : groups.flatMap((group) => group.columns.map((column, place) => (
      { mutant: column, group, first: place === 0, count: group.columns.length })));
    cursor = null;
    layout();
  }

  function layout() {
    const style = getComputedStyle(document.documentElement);
    for (const name of [...NAMES, "text", "quiet", "line", "card", "page", "hover", "low", "focus",
      "passes", "false-alarm", "flaky", "unproven"]) colors[name] = style.getPropertyValue("--" + name).trim();
    pen.font = font(12);
    const widest = Math.max(...rows.map((row) => pen.measureText(row.name).width));
    labels = Math.min(WIDEST, map.clientWidth * .4, widest + 30);
    head = mode === "groups" ? Math.min(190, 16 + Math.max(0, ...columns.map((each) => pen.measureText(label(each)).width)) * .72 + 14) : 40;
    space.style.width = labels + columns.length * widths[mode] + 24 + "px";
    const height = head + rows.length * ROW + 8;
    space.style.height = height + "px";
    map.style.height = Math.min(height + 18, Math.max(240, innerHeight * .72)) + "px";
    draw();
  }

  const label = (group) => `${group.operation} · ${say[group.kind]}`;
  // 100 means all of them, 0 none.
  const percent = (killed, reached) => Math.min(100 - (killed < reached), Math.max(+(killed > 0), Math.round(100 * killed / reached)));
  const font = (size, weight = 400) => `${weight} ${size}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
  const mix = (part) => {
    const parse = (color) => [1, 3, 5].map((place) => parseInt(color.slice(place, place + 2), 16));
    const [low, high] = [parse(colors.low), parse(colors.killed)];
    return `rgb(${low.map((each, place) => Math.round(each + (high[place] - each) * part)).join(",")})`;
  };
  const cut = (text, width) => {
    if (pen.measureText(text).width <= width) return text;
    let low = 0, high = text.length;
    while (low < high) {
      const middle = low + high + 1 >> 1;
      if (pen.measureText(text.slice(0, middle) + "…").width <= width) low = middle; else high = middle - 1;
    }
    return low ? text.slice(0, low) + "…" : "";
  };

  function draw() {
    const width = map.clientWidth, height = map.clientHeight, dense = devicePixelRatio || 1;
    canvas.width = width * dense;
    canvas.height = height * dense;
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.fillStyle = colors.card;
    pen.fillRect(0, 0, width, height);
    const step = widths[mode], left = labels - map.scrollLeft;
    const firstRow = Math.floor(map.scrollTop / ROW), lastRow = Math.min(rows.length, Math.ceil((map.scrollTop + height - head) / ROW));
    const firstColumn = Math.floor(map.scrollLeft / step), lastColumn = Math.min(columns.length, Math.ceil((map.scrollLeft + width - labels) / step));
    for (let place = firstRow; place < lastRow; place++)
      for (let column = firstColumn; column < lastColumn; column++)
        cell(rows[place], columns[column], left + column * step, head + place * ROW - map.scrollTop, step);
    drawLabels(firstRow, lastRow);
    drawHead(firstColumn, lastColumn, left, step, width);
    drawCursor(left, step);
    pen.fillStyle = colors.card;
    pen.fillRect(0, 0, labels, head);
    pen.fillStyle = colors.line;
    pen.fillRect(0, head - 1, width, 1);
    pen.fillRect(labels - 1, 0, 1, height);
  }

  function cell(row, column, x, y, step) {
    const gap = step > 6 ? 1 : 0, inner = [x, y + 1, step - gap, ROW - 2];
    if (mode === "groups") {
      const { killed, reached } = share(row, column);
      if (!reached) return;
      pen.fillStyle = mix(killed / reached);
      pen.fillRect(...inner);
      if (step >= 24) {
        pen.fillStyle = killed / reached > .55 ? colors.card : colors.text;
        pen.font = font(10);
        pen.textAlign = "center";
        pen.fillText(percent(killed, reached), x + step / 2, y + 13);
      }
      return;
    }
    const place = STATES.indexOf(row.cells[column.mutant]);
    if (place < 0) return;
    pen.fillStyle = colors[NAMES[place]];
    pen.fillRect(...inner);
    if (step < 12 || place === 5) return;
    pen.fillStyle = colors.card;
    pen.font = font(10, 600);
    pen.textAlign = "center";
    pen.fillText(["✕", "○", "!", "F", "T"][place], x + (step - gap) / 2, y + 13);
  }

  function drawLabels(first, last) {
    pen.fillStyle = colors.card;
    pen.fillRect(0, head, labels, canvas.height);
    pen.textAlign = "left";
    for (let place = first; place < last; place++) {
      const row = rows[place], y = head + place * ROW - map.scrollTop;
      if (cursor && cursor.row === place) { pen.fillStyle = colors.hover; pen.fillRect(0, y, labels, ROW); }
      if (!row.summary) { pen.fillStyle = colors[row.judged]; pen.fillRect(8, y + 5, 8, 8); }
      pen.font = font(12, row.summary ? 650 : 400);
      pen.fillStyle = colors.text;
      pen.fillText(cut(row.name, labels - 30), 22, y + 13);
    }
  }

  function drawHead(first, last, left, step, width) {
    pen.fillStyle = colors.card;
    pen.fillRect(0, 0, width, head);
    pen.font = font(12);
    for (let place = first; place < last; place++) {
      const column = columns[place], x = left + place * step;
      if (mode === "groups") slanted(column, x + step / 2, place);
      else if (column.first || place === first) spanned(column, place, left, step, width);
    }
  }

  function slanted(group, x, place) {
    pen.save();
    pen.translate(x + 4, head - 14);
    pen.rotate(-Math.PI / 4);
    pen.textAlign = "left";
    pen.fillStyle = cursor && cursor.column === place ? colors.focus : colors.text;
    pen.fillText(cut(label(group), head * 1.28), 0, 0);
    pen.restore();
    pen.fillStyle = group.kind === "law" ? colors.timeout : colors.quiet;
    pen.fillRect(x - widths.groups / 2, head - 6, widths.groups - 1, 4);
  }

  function spanned(column, place, left, step, width) {
    let start = place;
    while (start > 0 && columns[start - 1].group === column.group) start--;
    const from = Math.max(labels, left + start * step), to = Math.min(width, left + (start + column.count) * step);
    if (to <= from) return;
    pen.textAlign = "left";
    pen.fillStyle = colors.text;
    pen.font = font(12, 550);
    pen.fillText(cut(column.group.operation, to - from - 6), from + 2, 15);
    pen.fillStyle = colors.quiet;
    pen.font = font(11);
    pen.fillText(cut(`${say[column.group.kind]} · ${column.count}`, to - from - 6), from + 2, 29);
    pen.fillStyle = column.group.kind === "law" ? colors.timeout : colors.quiet;
    pen.fillRect(from, head - 6, to - from - 1, 4);
    pen.fillStyle = colors.line;
    pen.fillRect(left + start * step - 1, 0, 1, head);
  }

  function drawCursor(left, step) {
    if (!cursor) return;
    const x = left + cursor.column * step, y = head + cursor.row * ROW - map.scrollTop;
    if (x + step < labels || y + ROW < head) return;
    pen.strokeStyle = colors.focus;
    pen.lineWidth = 2;
    pen.strokeRect(x - .5, y + .5, step, ROW - 1);
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    const column = Math.floor((x - labels + map.scrollLeft) / widths[mode]);
    const row = Math.floor((y - head + map.scrollTop) / ROW);
    if (x < 0 || y < head || row < 0 || row >= rows.length) return null;
    if (x < labels) return { row, column: -1 };
    return column < 0 || column >= columns.length ? null : { row, column };
  }

  function words(at) {
    const row = rows[at.row];
    if (at.column < 0) return [row.name, row.file, row.verdict && `${row.verdict}${row.reason ? ": " + row.reason : ""}`].filter(Boolean).join("\n");
    const column = columns[at.column];
    if (mode === "groups") {
      const { killed, reached } = share(row, column);
      return `${row.name}\n${column.operation} · ${say[column.kind]}\n${reached ? `${say.killed} ${killed} / ${reached}` : say.unreached}`;
    }
    const mutant = data.mutants[column.mutant], letter = row.cells[column.mutant];
    const lines = [row.name, mutant.fault + (mutant.law ? ` (${mutant.law})` : ""), say.states[letter] || say.untried];
    const told = row.told.get(column.mutant);
    if (told !== undefined) lines.push(data.messages[told]);
    if (row.summary && mutant.cure) lines.push(`${say.cure}: ${mutant.cure}`);
    return lines.join("\n");
  }

  function show(at, event) {
    cursor = at && at.column >= 0 ? at : null;
    tip.hidden = !at || !event;
    if (at) {
      detail.textContent = words(at);
      tip.textContent = detail.textContent;
      if (event) {
        const box = tip.getBoundingClientRect();
        tip.style.left = Math.max(8, Math.min(event.clientX + 14, innerWidth - box.width - 8)) + "px";
        tip.style.top = (event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 10 : event.clientY + 18) + "px";
      }
    }
    draw();
  }

  function press(button) {
    for (const each of document.querySelectorAll("[data-mode]")) each.setAttribute("aria-pressed", String(each.dataset.mode === button));
    mode = button;
    choose();
  }

  function open(group) {
    press("mutants");
    const start = columns.findIndex((column) => column.group.operation === group.operation && column.group.kind === group.kind);
    map.scrollLeft = Math.max(0, start * widths.mutants);
    draw();
  }

  canvas.addEventListener("mousemove", (event) => show(place(event), event));
  canvas.addEventListener("mouseleave", () => show(null));
  canvas.addEventListener("click", (event) => {
    const at = place(event);
    if (at && at.column >= 0 && mode === "groups") open(columns[at.column]);
  });
  map.addEventListener("scroll", () => { tip.hidden = true; draw(); });
  map.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.key === "Enter" && cursor && mode === "groups") return open(columns[cursor.column]);
    if (!moves[event.key] || !columns.length) return;
    event.preventDefault();
    const [down, right] = moves[event.key];
    const at = cursor || { row: 0, column: 0 };
    const next = { row: Math.min(rows.length - 1, Math.max(0, at.row + down)), column: Math.min(columns.length - 1, Math.max(0, at.column + right)) };
    const x = next.column * widths[mode], y = next.row * ROW;
    if (x < map.scrollLeft) map.scrollLeft = x;
    if (x + widths[mode] > map.scrollLeft + map.clientWidth - labels) map.scrollLeft = x + widths[mode] - map.clientWidth + labels;
    if (y < map.scrollTop) map.scrollTop = y;
    if (y + ROW > map.scrollTop + map.clientHeight - head) map.scrollTop = y + ROW - map.clientHeight + head;
    show(next);
  });
  for (const button of document.querySelectorAll("[data-mode]")) button.addEventListener("click", () => press(button.dataset.mode));
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => {
    widths[mode] = Math.max(3, Math.min(40, Math.round(widths[mode] * (button.dataset.zoom > 0 ? 1.35 : .74))));
    layout();
  });
  $("find").addEventListener("input", choose);
  $("only-survivors").addEventListener("change", choose);
  addEventListener("resize", layout);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", layout);
  document.querySelector(".tools").hidden = false;
  press(mode);
  // Columns take the room that there is; every mutant is shown at once where it has any.
  const room = map.clientWidth - labels - 26, each = Math.floor(room / data.mutants.length);
  widths.mutants = each < 4 ? 8 : Math.min(22, each);
  widths.groups = Math.max(26, Math.min(40, Math.floor(room / data.groups.length)));
  press(each < 4 ? "groups" : "mutants");
})();
