"""The site: ``streamlit run streamlit_app.py``. Navigation only; the pages are in camdigits/web."""

from camdigits.web.site import run

run()
