// The mail is as tall as it is: no second scroll bar inside the page.
const frame = document.querySelector("iframe");
const fit = () => {
  const page = frame.contentDocument?.documentElement;
  if (page?.scrollHeight) frame.height = page.scrollHeight;
};
if (frame) {
  const watch = () => { fit(); new ResizeObserver(fit).observe(frame.contentDocument.documentElement); };
  frame.addEventListener("load", watch);
  if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank") watch();
}
