// The desk: the keyboard, the chosen rows, views that remember their columns.
import { all, openDialog, preference, start } from "./common";

const ROWS = "[data-row]";

function rows(): HTMLElement[] {
  return all(ROWS);
}

function moveBy(step: number): void {
  const list = rows();
  if (!list.length) return follow(step > 0 ? "a[rel=next]" : "a[rel=prev]");
  const at = list.findIndex((row) => row.classList.contains("at"));
  const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
  for (const row of list) row.classList.toggle("at", row === next);
  next.scrollIntoView({ block: "nearest" });
  const link = next.querySelector<HTMLElement>("a");
  link?.focus({ preventScroll: true });
}

function follow(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click();
}

function pickCurrent(): void {
  const box = document.querySelector<HTMLInputElement>(`${ROWS}.at input[type=checkbox]`);
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A long list of choices shows only those that hold the words typed above it: data-narrows="select-id". */
function narrow(event: Event): void {
  const field = event.target as HTMLInputElement;
  const select = document.getElementById(field.dataset?.narrows ?? "") as HTMLSelectElement | null;
  if (!select) return;
  const whole = (wholeLists.get(select) ?? wholeLists.set(select, [...select.options]).get(select)) as HTMLOptionElement[];
  const words = field.value.trim().split(/\s+/);
  const chosen = select.value;
  const left = whole.filter((one) => !one.value || one.value === chosen || words.every((word) => one.text.includes(word)));
  select.replaceChildren(...left);
  select.value = chosen;
}

/** Enter in the words above a list takes the one choice that is left, and sends nothing. */
function takeTheOne(event: KeyboardEvent): void {
  const field = event.target as HTMLInputElement;
  if (event.key !== "Enter" || !field.matches?.("[data-narrows]")) return;
  event.preventDefault();
  const select = document.getElementById(field.dataset.narrows ?? "") as HTMLSelectElement;
  const others = [...select.options].filter((one) => one.value && one.value !== select.value);
  if (others.length !== 1) return select.focus();
  select.value = others[0].value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
const wholeLists = new WeakMap<HTMLSelectElement, HTMLOptionElement[]>();

function leave(): void {
  const open = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  if (open) {
    open.open = false;
    open.querySelector<HTMLElement>("summary")?.focus();
    return;
  }
  const picked = all<HTMLInputElement>("[data-pick]:checked");
  if (picked.length) {
    for (const box of picked) box.checked = false;
    return countPicked();
  }
  (document.activeElement as HTMLElement | null)?.blur();
}

const KEYS: Record<string, () => void> = {
  "/": () => document.querySelector<HTMLInputElement>("[data-find]")?.focus(),
  "?": () => openDialog("keys"),
  j: () => moveBy(1),
  k: () => moveBy(-1),
  x: pickCurrent,
  enter: () => follow(`${ROWS}.at a`),
  escape: leave,
};

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"));
}

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (key === "escape") return leave();
  if (typing(event.target) || preference("yy_keys") === "off") return;
  if (key === "enter" && (event.target as Element).closest("a, button, summary, input")) return;
  const named = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (!named && !KEYS[key]) return;
  event.preventDefault();
  if (named) named.click();
  else KEYS[key]();
}

function countPicked(): void {
  const boxes = all<HTMLInputElement>("[data-pick]");
  const picked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr")?.classList.toggle("on", box.checked);
  for (const bar of all("[data-bulk]")) {
    bar.hidden = picked.length === 0;
    for (const place of all("[data-bulk-count]", bar)) place.textContent = String(picked.length);
  }
  for (const head of all<HTMLInputElement>("[data-pick-all]")) {
    head.checked = boxes.length > 0 && picked.length === boxes.length;
    head.indeterminate = picked.length > 0 && picked.length < boxes.length;
  }
}

function changed(event: Event): void {
  const box = event.target as HTMLInputElement;
  if (box.matches("[data-pick-all]")) for (const other of all<HTMLInputElement>("[data-pick]")) other.checked = box.checked;
  if (box.matches("[data-pick], [data-pick-all]")) countPicked();
  if (box.matches("[data-keys-switch]")) preference("yy_keys", box.checked ? "on" : "off");
  if (box.matches("[data-submit-on-change]")) box.form?.requestSubmit();
}

/** A button that offers a value: it puts the value into a field, which the person may still change. */
function offer(event: Event): void {
  const button = (event.target as Element).closest<HTMLElement>("[data-set]");
  if (!button) return;
  put(button.dataset.set ?? "", button.dataset.value ?? "");
  if (button.dataset.also) put(button.dataset.also, button.dataset.alsoValue ?? "");
}

function put(name: string, value: string): void {
  for (const field of all<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)) field.value = value;
}

/** A form drawn again for its category takes nothing back that was chosen meanwhile: it is asked for again, with that. */
function keepWhatCame(event: Event): void {
  const detail = (event as CustomEvent<{ requestConfig: { verb: string; elt: Element; formData: FormData }; shouldSwap: boolean }>).detail;
  const { verb, elt, formData } = detail.requestConfig;
  const form = verb === "get" ? elt.closest<HTMLFormElement>("form.act-form") : null;
  if (!form || said(new FormData(form)) === said(formData)) return;
  detail.shouldSwap = false;
  elt.dispatchEvent(new Event("change", { bubbles: true }));
}

function said(form: FormData): string {
  const pairs = [...form.entries()].filter(([, value]) => typeof value === "string");
  return JSON.stringify(pairs.map((pair) => pair.map(String)).sort());
}

start();
document.addEventListener("htmx:beforeSwap", keepWhatCame);
document.addEventListener("click", offer);
document.addEventListener("keydown", pressed);
document.addEventListener("change", changed);
document.addEventListener("input", narrow);
document.addEventListener("keydown", takeTheOne);
document.addEventListener("htmx:load", countPicked);
for (const box of all<HTMLInputElement>("[data-keys-switch]")) box.checked = preference("yy_keys") !== "off";
countPicked();
