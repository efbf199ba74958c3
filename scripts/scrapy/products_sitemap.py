"""Every book by the sitemaps that robots.txt names: what spiders/products-sitemap.ts does."""
from book_page import book_on
from scrapy.spiders import SitemapSpider


class ProductsSitemapSpider(SitemapSpider):
    name = "products-sitemap"
    sitemap_rules = [(r"/catalogue/[^/]+_\d+/index\.html$", "parse_book")]

    def __init__(self, base, **arguments):
        super().__init__(**arguments)
        self.sitemap_urls = [base + "robots.txt"]

    def parse_book(self, response):
        yield book_on(response)
