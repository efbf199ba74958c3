"""Every book by the shop's categories, by rules: what spiders/books-by-category.ts does."""
from book_page import book_on
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


def from_category(request, page):
    """The front page lists all books, of any category."""
    if "/category/" not in page.url:
        return None
    return request.replace(cb_kwargs={"shelf": page.url})


class BooksByCategorySpider(CrawlSpider):
    name = "books-by-category"
    rules = (
        Rule(LinkExtractor(allow=r"/category/books/", restrict_css=(".side_categories", ".next"))),
        Rule(
            LinkExtractor(restrict_css="article.product_pod h3"),
            callback="parse_book",
            process_request=from_category,
        ),
    )

    def __init__(self, base, **arguments):
        super().__init__(**arguments)
        self.start_urls = [base]

    def parse_book(self, response, shelf):
        yield {**book_on(response), "shelf": shelf}
